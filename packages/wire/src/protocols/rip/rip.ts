// RIP in versions 1 and 2, and RIPng for IPv6: small routers tell each other their networks. Version 2 may carry a
// password in clear.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

interface Rip {
  readonly isAnswer: boolean;
  readonly version: number;
  readonly hasPassword: boolean;
}

export const rip = protocol({
  name: 'rip',
  title: 'Routing Information Protocol',
  spec: 'RFC 1058 (version 1); RFC 2453 (version 2); RFC 2080 (RIPng)',
  depth: 'identity',
  on: { udp: [520, 521] },
  tells: ['service.role', 'credential.cleartext'],

  read(reader, { serverPort, clientPort }): Rip | undefined {
    const command = reader.u8();
    const version = reader.u8();
    const zero = reader.u16();
    if (!reader.ok || command < 1 || command > 2 || version < 1 || version > 2) return undefined;
    // Version 1 and RIPng want zeros there; some senders of version 2 put a routing domain. Entries have 20 bytes each.
    if ((version === 1 && zero !== 0) || reader.left % 20 !== 0 || reader.left === 0) return undefined;
    const isRipng = serverPort === 521 || clientPort === 521;
    const family = reader.u16();
    const type = reader.u16();
    const hasPassword = !isRipng && version === 2 && family === 0xffff && type === 2 && reader.peek() > 0;
    if (!isRipng && family !== 2 && family !== 0 && family !== 0xffff) return undefined;
    return { isAnswer: command === 2, version, hasPassword };
  },

  secrets: findPassword,

  observe({ isAnswer, hasPassword }, say, { sender }: Conversation<undefined>) {
    if (hasPassword) say.fact(sender, 'credential.cleartext', PASSWORD, 'authentication entry');
    if (isAnswer) say.fact(sender, 'service.role', 'RIP router', 'response');
  },
});

const PASSWORD = { what: 'RIP password' };

/** The first entry, where its address family says that it authenticates (RFC 2453 section 4.1). */
function findPassword(reader: Reader): SecretRange[] {
  const isAuthentication = reader.peek16(4) === 0xffff || reader.left < 6;
  return isAuthentication ? [{ from: 8, to: 24, what: PASSWORD.what }] : [];
}
