// Files as browsers and tools send them: one per request, as a part of a multipart body (RFC 7578).
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { problem } from '../api-problem.ts';

/** Parts of one upload besides the file; browsers and tools send none. */
const MAX_FIELDS = 8;

/** What is sent; its errors are named after it. */
export type Uploaded = 'capture' | 'import';

/**
 * The one file of an upload. Its bytes end with the whole body, so that a second file is refused before anything is
 * kept of the first.
 */
export async function uploadOf(
  request: FastifyRequest,
  what: Uploaded,
): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> {
  if (!request.isMultipart()) throw problem('request.media-type', { type: request.headers['content-type'] ?? 'none' });
  const parts = request.parts({
    limits: { fields: MAX_FIELDS, fileSize: Number.MAX_SAFE_INTEGER },
    preservePath: true,
  });
  const file = await nextFile(parts, what);
  if (!file) throw problem(`${what}.none-sent`, {});
  return { name: file.filename ?? '', bytes: bytesOf(file, parts, what) };
}

async function nextFile(parts: AsyncIterableIterator<Multipart>, what: Uploaded): Promise<MultipartFile | undefined> {
  try {
    for (;;) {
      const { done, value } = await parts.next();
      if (done) return undefined;
      if (value.type === 'file') return value;
    }
  } catch (error) {
    throw isCutOff(error) ? problem(`${what}.cut-off`, {}) : error;
  }
}

async function* bytesOf(
  file: MultipartFile,
  parts: AsyncIterableIterator<Multipart>,
  what: Uploaded,
): AsyncGenerator<Uint8Array> {
  try {
    yield* file.file as AsyncIterable<Uint8Array>;
    const another = await nextFile(parts, what);
    if (another) {
      another.file.resume();
      throw problem(`${what}.one-at-a-time`, {});
    }
  } catch (error) {
    throw isCutOff(error) ? problem(`${what}.cut-off`, {}) : error;
  }
}

/** Errors of a body that ends before its parts do, by whatever part of the reading noticed first. */
function isCutOff(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  return (
    code === 'FST_MP_PREMATURE_CLOSE' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ECONNRESET' ||
    code === 'ABORT_ERR' ||
    /unexpected end|terminated early|aborted/i.test(message)
  );
}
