// LDAP and its form over UDP: directories of domains. A domain controller names itself, its domain and forest to whoever
// asks; computers name themselves when they look for one; and a simple bind shows its password.
import { isHost } from '../../banners.ts';
import { readBerLength } from '../../ber.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import {
  frameTls,
  isTlsRecord,
  observeTls,
  readTls,
  TLS_KINDS,
  type TlsMessage,
  type TlsUpgrade,
} from '../tls/upgrade.ts';
import { findLdapSecrets, isOperation, type Ldap, OP, readLdap } from './message.ts';
import type { Netlogon } from './netlogon.ts';

/** Longest message and longest protected buffer that are followed; servers refuse more than 10 MB by default. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** Requests that wait for their answer. */
const MAX_PENDING = 64;

interface Pending {
  readonly what: string;
  readonly kind: 'authentication' | 'configure';
  readonly detail: string;
  readonly isAnonymous: boolean;
  readonly frame: number;
  readonly time: number;
}
interface State extends TlsUpgrade {
  readonly pending: Map<number, Pending>;
  /** The client is bound without a password. */
  isAnonymous: boolean;
  toldAnonymous: boolean;
}
type Read = { readonly ldap: Ldap } | { readonly tls: TlsMessage } | 'protected';

const TELLS = [
  ...TLS_KINDS,
  'device.hostname',
  'device.os-build',
  'device.software',
  'network.domain',
  'ntlm.domain',
  'service.role',
  'service.authentication',
  'service.account',
  'credential.cleartext',
  'exposure.anonymous',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<State>;

export const ldap = protocol({
  name: 'ldap',
  title: 'LDAP',
  spec: 'RFC 4511, RFC 4513; MS-ADTS sections 3.1.1.3 and 6.3',
  depth: 'functions',
  on: { tcp: [389, 3268], udp: [389] },
  tells: TELLS,
  open: (): State => ({ tls: undefined, pending: new Map(), isAnonymous: false, toldAnonymous: false }),

  firstBytes: [0x30],
  recognise(reader) {
    if (reader.u8() !== 0x30 || readBerLength(reader) < reader.left || reader.u8() !== 0x02) return false;
    const size = reader.u8();
    if (size < 1 || size > 4) return false;
    reader.skip(size);
    const op = reader.u8();
    readBerLength(reader);
    // A bind with its version, or a search with the name it begins at and a scope.
    if (op === OP.bindRequest) return reader.u16() === 0x0201 && [2, 3].includes(reader.u8()) && reader.u8() === 0x04;
    if (op !== OP.search || reader.u8() !== 0x04) return false;
    reader.skip(readBerLength(reader));
    return reader.u16() === 0x0a01 && reader.u8() <= 2 && reader.ok;
  },

  frame(reader, conversation) {
    if (isTlsRecord(reader, conversation.state)) return frameTls(reader, conversation);
    if (reader.left < 6) return NEED_MORE;
    if (reader.peek() !== 0x30) {
      // A buffer that SASL protects (RFC 4422 section 3.7): its length, then encrypted bytes.
      const length = reader.peek16() * 0x10000 + reader.peek16(2);
      return conversation.state.pending.size > 0 || reader.peek() !== 0 || length < 16 || length > MAX_MESSAGE
        ? NOT_MINE
        : 4 + length;
    }
    reader.skip(1);
    const length = readBerLength(reader) + reader.offset;
    return reader.ok && length <= MAX_MESSAGE && reader.peek() === 0x02 ? length : NOT_MINE;
  },

  read(reader, conversation): Read | undefined {
    if (conversation.transport === 'tcp') {
      if (isTlsRecord(reader, conversation.state)) {
        const tls = readTls(reader, conversation);
        return tls && { tls };
      }
      if (reader.peek() !== 0x30) return 'protected';
    }
    const ldap = readLdap(reader);
    return ldap && { ldap };
  },

  secrets(reader, { transport, state }) {
    return transport === 'tcp' && isTlsRecord(reader, state) ? [] : findLdapSecrets(reader);
  },

  observe(message, say, conversation) {
    if (message === 'protected') conversation.done();
    else if ('tls' in message) observeTls(message.tls, say, conversation);
    else observeLdap(message.ldap, say, conversation);
  },

  close(say, { state }) {
    for (const pending of state.pending.values()) sayOperation(pending, undefined, say);
  },
});

function observeLdap(message: Ldap, say: Says, conversation: Talk): void {
  const { op, id, ntlm, host, netlogon, attributes } = message;
  const { sender, server, state } = conversation;
  if (!isOperation(op)) return;
  if (ntlm) {
    const source = `NTLM ${ntlm.type}`;
    for (const name of ntlm.names) say.fact(sender, 'device.hostname', name, source);
    say.fact(sender, 'device.os-build', ntlm.build, source);
    say.fact(sender, 'ntlm.domain', ntlm.domain, source);
    say.fact(sender, 'network.domain', ntlm.dnsDomain, source);
  }
  if (host && isHost(host)) say.fact(sender, 'device.hostname', host, 'filter Host');
  if (netlogon) tellController(netlogon, say, conversation);
  if (attributes) tellRoot(attributes, say, conversation);
  if (op === OP.bindRequest) observeBind(message, say, conversation);
  else if (op === OP.modify || op === OP.add || op === OP.remove || op === OP.rename) {
    if (message.setsPassword) {
      const value = { what: 'LDAP password that is set', ...(message.name ? { account: message.name } : {}) };
      say.fact(server, 'credential.cleartext', value, 'attribute');
    }
    remember(
      id,
      { what: CHANGES[op] ?? '', kind: 'configure', detail: message.name ?? '', isAnonymous: false },
      conversation,
    );
  } else if (op === OP.entry && message.name && state.isAnonymous && !state.toldAnonymous) {
    state.toldAnonymous = true;
    say.fact(server, 'exposure.anonymous', 'LDAP without an account', 'search result entry');
  } else if (message.result !== undefined) settle(id, message.result, say, state);
}

const CHANGES: Readonly<Record<number, string>> = {
  [OP.modify]: 'modify directory entry',
  [OP.add]: 'add directory entry',
  [OP.remove]: 'delete directory entry',
  [OP.rename]: 'rename directory entry',
};

function observeBind({ id, bind, name = '' }: Ldap, say: Says, conversation: Talk): void {
  const { server, state } = conversation;
  state.isAnonymous = false;
  if (bind === 'password') {
    const value = { what: 'LDAP password', ...(name ? { account: name } : {}) };
    say.fact(server, 'credential.cleartext', value, 'simple bind');
  } else if (name) say.fact(server, 'service.account', name, 'bind');
  remember(id, { what: 'log in', kind: 'authentication', detail: '', isAnonymous: bind === 'anonymous' }, conversation);
}

function remember(id: number, request: Omit<Pending, 'frame' | 'time'>, { state, frame, time }: Talk): void {
  if (state.pending.size < MAX_PENDING) state.pending.set(id, { ...request, frame, time });
}

/** Result codes (RFC 4511 appendix A): 0 success, 14 more of the login to come. */
function settle(id: number, result: number, say: Says, state: State): void {
  const pending = state.pending.get(id);
  if (!pending) return;
  state.pending.delete(id);
  if (result === 14) return;
  if (pending.isAnonymous) state.isAnonymous = result === 0;
  sayOperation(pending, result === 0, say);
}

function sayOperation(
  { what, kind, detail, isAnonymous, frame, time }: Pending,
  accepted: boolean | undefined,
  say: Says,
): void {
  if (isAnonymous) return;
  say.operation(what, kind, {
    detail: detail || undefined,
    frame,
    time,
    ...(accepted === undefined ? {} : { accepted }),
  });
}

function tellController(
  { forest, domain, host, netbiosDomain, netbiosHost }: Netlogon,
  say: Says,
  { sender }: Talk,
): void {
  const source = 'attribute Netlogon';
  say.fact(sender, 'service.role', 'domain controller', source);
  for (const name of [host, netbiosHost]) if (isHost(name)) say.fact(sender, 'device.hostname', name, source);
  for (const name of new Set([domain, forest])) say.fact(sender, 'network.domain', name, source);
  say.fact(sender, 'ntlm.domain', netbiosDomain, source);
}

/** The root entry: what a server says of itself. */
function tellRoot(attributes: ReadonlyMap<string, readonly string[]>, say: Says, { sender }: Talk): void {
  const of = (name: string) => attributes.get(name)?.[0] ?? '';
  const host = of('dnshostname') || (/^CN=([^,]+),/i.exec(of('servername'))?.[1] ?? '');
  if (isHost(host)) say.fact(sender, 'device.hostname', host, 'root entry');
  say.fact(sender, 'network.domain', domainOf(of('defaultnamingcontext') || of('namingcontexts')), 'root entry');
  if (attributes.has('domaincontrollerfunctionality'))
    say.fact(sender, 'service.role', 'domain controller', 'root entry');
  const mechanisms = (attributes.get('supportedsaslmechanisms') ?? []).join(' ');
  say.fact(sender, 'service.authentication', mechanisms.slice(0, 256), 'root entry');
  const software =
    of('vendorversion') || (attributes.get('objectclass')?.includes('OpenLDAProotDSE') ? 'OpenLDAP' : '');
  say.fact(sender, 'device.software', software, 'root entry');
}

/** `DC=plant,DC=example` as the domain it stands for (RFC 2247). */
function domainOf(name: string): string {
  return /^DC=[^,=]+(?:,DC=[^,=]+)*$/i.test(name)
    ? name
        .split(',')
        .map((part) => part.slice(3))
        .join('.')
    : '';
}
