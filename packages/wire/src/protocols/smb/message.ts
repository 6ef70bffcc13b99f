// What one SMB message gives, whichever generation it is of, and what a connection remembers between request and answer.
import type { OperationKind } from '@interlock/model';
import type { Ntlmssp } from './ntlmssp.ts';

/** Requests that wait for an answer at a time; clients have a handful under way. */
const MAX_PENDING = 64;

/** A request whose answer says whether it was done. */
export interface Pending {
  /** What is said of it once it was done; for a share its name is a fact instead. */
  readonly what: string;
  readonly kind: OperationKind;
  readonly detail: string;
  readonly share: string;
  readonly frame: number;
  readonly time: number;
}
/** A request with its answer; `accepted` is absent where none came. */
export interface Answered extends Pending {
  readonly accepted?: boolean;
}

export interface State {
  /** Dialects the client of SMB 1 offered, in its order: the answer is a number in this list. */
  dialects: readonly string[];
  /** The server asked for passwords in clear (bit 1 of its security mode unset). */
  plainPasswords: boolean;
  /** The client has just logged in without a name. */
  anonymous: boolean;
  /** By message identifier. */
  readonly pending: Map<number, Pending>;
  /** Names in the NetBIOS session request, until the answer. */
  called: string;
}
export const newState = (): State => ({
  dialects: [],
  plainPasswords: false,
  anonymous: false,
  pending: new Map(),
  called: '',
});

export interface SmbMessage {
  dialect?: string;
  signing?: 'required' | 'optional' | 'off';
  os?: string;
  lanManager?: string;
  /** Name and domain the server gives itself in SMB 1. */
  name?: string;
  domain?: string;
  ntlm?: Ntlmssp | undefined;
  /** How somebody got in without a credential. */
  anonymous?: string;
  /** A password in clear, with the account where it is told. */
  password?: { readonly account: string };
  answered?: Answered;
  /** NetBIOS names of the session: of the client that opens it, of the server that accepts it. */
  callingName?: string;
  calledName?: string;
  encrypted?: boolean;
}

/** Remembers a request; where too many wait, the oldest is forgotten. */
export function expectAnswer(state: State, id: number, pending: Pending): void {
  if (state.pending.size >= MAX_PENDING) {
    const [oldest] = state.pending.keys();
    if (oldest !== undefined) state.pending.delete(oldest);
  }
  state.pending.set(id, pending);
}

export function takeAnswer(state: State, id: number, accepted: boolean): Answered | undefined {
  const pending = state.pending.get(id);
  if (!pending) return undefined;
  state.pending.delete(id);
  return { ...pending, accepted };
}

/** Access rights that change a file: write, append, and the generic ones that include them (MS-SMB2 section 2.2.13.1). */
const WRITE_ACCESS = 0x0000_0006 | 0x1000_0000 | 0x4000_0000;
const OPEN_EXISTING = 1;
const OPTION_FOLDER = 0x01;
const OPTION_DELETE_ON_CLOSE = 0x1000;

/** Pipes through which another computer is administered; other pipes are how Windows lists shares and users. */
const CONTROL_PIPES = new Map([
  ['svcctl', 'control services remotely'],
  ['atsvc', 'schedule tasks remotely'],
  ['winreg', 'change registry remotely'],
]);
const OTHER_PIPES =
  /^(?:srvsvc|wkssvc|lsarpc|lsass|samr|netlogon|spoolss|browser|epmapper|eventlog|ntsvcs|initshutdown|MsFteWds|dssetup|efsrpc|trkwks|protected_storage)$/i;

/** What opening a file or pipe in this way is for, where it is more than looking. The same numbers in SMB 1 and 2. */
export function purposeOfOpen(
  path: string,
  access: number,
  disposition: number,
  options: number,
): { readonly what: string; readonly kind: OperationKind } | undefined {
  const name = path.replace(/^\\+/, '');
  const control = CONTROL_PIPES.get(name.toLowerCase());
  if (control) return { what: control, kind: 'configure' };
  if (name === '' || OTHER_PIPES.test(name)) return undefined;
  if ((options & OPTION_DELETE_ON_CLOSE) !== 0) return { what: 'delete file', kind: 'file' };
  if ((options & OPTION_FOLDER) !== 0) return disposition === 2 ? { what: 'create folder', kind: 'file' } : undefined;
  if ((access & WRITE_ACCESS) === 0) return undefined;
  return disposition === OPEN_EXISTING
    ? { what: 'open file for writing', kind: 'file' }
    : { what: 'create file', kind: 'file' };
}

/** Share of a path such as `\\SERVER\Recipes`; the administrative pipe share is none. */
export function shareOf(path: string): string {
  const share = path.split('\\').filter(Boolean)[1] ?? '';
  return /^IPC\$$/i.test(share) ? '' : share;
}
