// Logins by SASL as mail and directories carry them: a mechanism, then lines in base64. Of what crosses only the account is
// kept, where the mechanism tells it, and whether a password or a token crossed with it.
import { cleanText, decodeText } from '../../reader.ts';
import { decodeBase64 } from '../http/secrets.ts';
import { type Ntlmssp, readNtlmssp } from '../smb/ntlmssp.ts';

/** Longest account name: mail addresses have up to 254 characters. */
const MAX_ACCOUNT = 254;

/** Where a login stands. */
export interface Sasl {
  /** In capitals; empty where none is going on. */
  mechanism: string;
  /** LOGIN: what was sent first; it is the account if the server then asks for a password. */
  candidate: string | undefined;
  account: string;
}
export const newSasl = (): Sasl => ({ mechanism: '', candidate: undefined, account: '' });

export interface SaslFacts {
  /** A secret crossed that can be read by everybody. */
  readonly secret?: 'password' | 'token';
  readonly account?: string;
  readonly ntlm?: Ntlmssp;
}
const NOTHING: SaslFacts = {};

/** A client begins. `initial`: what it sends along in base64, empty where it waits to be asked. */
export function beginSasl(mechanism: string, initial: string, sasl: Sasl): SaslFacts {
  sasl.mechanism = mechanism.toUpperCase();
  sasl.candidate = undefined;
  sasl.account = '';
  return initial === '' ? NOTHING : answerSasl(initial, sasl);
}

/** What the server asks, in base64. */
export function askSasl(challenge: string, sasl: Sasl): SaslFacts {
  if (sasl.mechanism === 'LOGIN' && sasl.candidate !== undefined && /pass/i.test(textOf(challenge))) {
    sasl.account = sasl.candidate;
    sasl.candidate = '';
  } else if (sasl.mechanism === 'NTLM' || sasl.mechanism === 'GSS-SPNEGO') return ntlmOf(challenge);
  return NOTHING;
}

/** What the client answers, in base64. */
export function answerSasl(answer: string, sasl: Sasl): SaslFacts {
  const { mechanism } = sasl;
  if (mechanism === 'NTLM' || mechanism === 'GSS-SPNEGO') return ntlmOf(answer);
  if (answer === '=' || answer === '*') return NOTHING;
  if (mechanism === 'LOGIN') {
    if (sasl.candidate === undefined) {
      sasl.candidate = accountOf(textOf(answer));
      return NOTHING;
    }
    const { account } = sasl;
    endSasl(sasl);
    return { secret: 'password', account };
  }
  const text = textOf(answer);
  if (mechanism === 'PLAIN') {
    const [, account = '', password = ''] = text.split('\0', 3);
    endSasl(sasl);
    return password === '' ? NOTHING : { secret: 'password', account: accountOf(account) };
  }
  if (mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER') {
    endSasl(sasl);
    const fields = text.split('\u0001', 8).flatMap((part) => part.split(',', 8));
    const account = fields.find((field) => /^(?:user|a)=/.test(field))?.replace(/^\w+=/, '') ?? '';
    return /\bauth=Bearer /i.test(text) ? { secret: 'token', account: accountOf(account) } : NOTHING;
  }
  // Of answers to challenges only the account is in clear.
  const account =
    mechanism === 'CRAM-MD5'
      ? /^(\S{1,254}) [0-9a-f]{32}$/.exec(text)?.[1]
      : mechanism === 'DIGEST-MD5'
        ? /\busername="([^"]{1,254})"/.exec(text)?.[1]
        : mechanism.startsWith('SCRAM-')
          ? /^[npy],[^,]*,n=([^,]{1,254}),r=/.exec(text)?.[1]
          : undefined;
  return account ? { account: accountOf(account) } : NOTHING;
}

export function endSasl(sasl: Sasl): void {
  sasl.mechanism = '';
  sasl.candidate = undefined;
  sasl.account = '';
}

const textOf = (base64: string): string => decodeText(decodeBase64(base64.trim()), 'utf8');
const accountOf = (text: string): string => cleanText(text, MAX_ACCOUNT);
function ntlmOf(base64: string): SaslFacts {
  const ntlm = readNtlmssp(decodeBase64(base64.trim()));
  return ntlm ? { ntlm } : NOTHING;
}
