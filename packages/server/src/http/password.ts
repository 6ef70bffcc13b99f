// The console's password: kept as a scrypt hash in the data folder, compared in constant time.
import { randomBytes, scrypt as scryptCallback, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { StartProblem } from '../start-problem.ts';

const scrypt = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scryptCallback,
);

/** Cost after the OWASP password storage cheat sheet: N = 2^17, r = 8, p = 1, which takes 128 MiB and about 0.3 s. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** NIST SP 800-63B section 5.1.1.2 asks for at least 8; this one opens everything. */
export const LEAST_PASSWORD = 12;

const stored = z.object({
  scrypt: z.object({ N: z.int().max(2 ** 20), r: z.int().max(32), p: z.int().max(16) }),
  salt: z.string(),
  hash: z.string(),
});

/** Sets the password. Throws a `StartProblem` where it is too short. */
export async function setPassword(path: string, password: string): Promise<void> {
  if (password.length < LEAST_PASSWORD) throw new StartProblem('start.password-too-short', { least: LEAST_PASSWORD });
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST, HASH_BYTES);
  const text = JSON.stringify({ scrypt: COST, salt: salt.toString('base64'), hash: hash.toString('base64') });
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

export const isPasswordSet = (path: string): boolean => existsSync(path);

/** Whether this is the password. False where none is set or the file cannot be understood. */
export async function isPassword(path: string, password: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const parsed = stored.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) return false;
  const { scrypt: cost, salt, hash } = parsed.data;
  const expected = Buffer.from(hash, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), cost, expected.length), expected);
}

/** The same characters typed on another keyboard are the same password (RFC 8265 section 4.2: NFC). */
const derive = (password: string, salt: Buffer, cost: typeof COST, length: number): Promise<Buffer> =>
  scrypt(password.normalize('NFC'), salt, length, { ...cost, maxmem: 256 * cost.N * cost.r });
