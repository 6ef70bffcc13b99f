// EIGRP: Cisco's routing protocol within one organization. Recognised, with the number of the autonomous system.
import { type Conversation, protocol } from '../../protocol.ts';

interface Eigrp {
  readonly opcode: number;
  readonly system: number;
}

export const eigrp = protocol({
  name: 'eigrp',
  title: 'Enhanced Interior Gateway Routing Protocol',
  spec: 'RFC 7868 section 6.3',
  depth: 'identity',
  on: { ip: [88] },
  tells: ['service.role', 'network.autonomous-system'],

  read(reader): Eigrp | undefined {
    const version = reader.u8();
    const opcode = reader.u8();
    reader.skip(16); // checksum, flags, sequence, acknowledgement, virtual router
    const system = reader.u16();
    return reader.ok && version === 2 && OPCODES.has(opcode) ? { opcode, system } : undefined;
  },

  observe({ system }, say, { sender }: Conversation<undefined>) {
    say.fact(sender, 'service.role', 'EIGRP router', 'header');
    if (system > 0) say.fact(sender, 'network.autonomous-system', system, 'header, autonomous system number');
  },
});

/** Update, query, reply, hello and those of RFC 7868 section 6.3 for stuck routes. */
const OPCODES = new Set([1, 2, 3, 4, 5, 10, 11]);
