// OSPF: routers of one organization that tell each other their links. Read are the names of router and area; what the
// network looks like stays theirs. Version 2 may carry a password in clear.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

interface Ospf {
  readonly version: number;
  readonly type: number;
  readonly router: string;
  readonly area: string;
  readonly hasPassword: boolean;
  /** Of the interface, in hellos of version 2. */
  readonly mask: string;
}

export const ospf = protocol({
  name: 'ospf',
  title: 'Open Shortest Path First',
  spec: 'RFC 2328 appendix A.3 (version 2); RFC 5340 appendix A.3 (version 3)',
  depth: 'identity',
  on: { ip: [89] },
  tells: ['service.role', 'network.router-id', 'network.routing-area', 'network.mask', 'credential.cleartext'],

  read(reader): Ospf | undefined {
    const version = reader.u8();
    const type = reader.u8();
    const length = reader.u16();
    const router = reader.ipv4();
    const area = reader.ipv4();
    reader.skip(2);
    const authentication = reader.u16();
    if (!reader.ok || type < 1 || type > 5 || (version !== 2 && version !== 3)) return undefined;
    if (length < (version === 2 ? 24 : 16)) return undefined;
    if (version === 3) return { version, type, router, area, hasPassword: false, mask: '' };
    const hasPassword = authentication === SIMPLE_PASSWORD && reader.peek() > 0;
    reader.skip(8);
    return { version, type, router, area, hasPassword, mask: type === HELLO ? reader.ipv4() : '' };
  },

  secrets: findPassword,

  observe({ router, area, mask, hasPassword }, say, { sender }: Conversation<undefined>) {
    say.fact(sender, 'service.role', 'OSPF router', 'header');
    say.fact(sender, 'network.router-id', router, 'header, router ID');
    say.fact(sender, 'network.routing-area', area, 'header, area ID');
    if (hasPassword) say.fact(sender, 'credential.cleartext', PASSWORD, 'header, authentication');
    if (mask !== '0.0.0.0') say.fact(sender, 'network.mask', mask, 'hello, network mask');
  },
});

const HELLO = 1;
const SIMPLE_PASSWORD = 1;
const PASSWORD = { what: 'OSPF password' };

function findPassword(reader: Reader): SecretRange[] {
  return reader.peek() === 2 && reader.peek(15) !== 2 ? [{ from: 16, to: 24, what: PASSWORD.what }] : [];
}
