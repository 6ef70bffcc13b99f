import { constant, hex, type Question } from '../question.ts';

/** Lookup of the endpoint mapper (DCE 1.1 RPC appendix O) over connectionless RPC, as IEC 61158-6-10 has it for devices. */
const LOOKUP = hex(`
  04 00 20 00 10 00 00 00
  00000000 0000 0000 0000 000000000000
  0883afe1 1f5d c911 91a4 08002b14a0fa
  49 6e 74 65 72 6c 6f 63 6b 20 61 73 6b 73 00 01
  00000000 03000000 00000000 0200 ffff ffff 4c00 0000 00 00
  00000000
  01000000 00000000 0000 0000 0000 000000000000
  02000000 00000000 0000 0000 0000 000000000000 0000 0000
  01000000
  00000000 00000000 0000 0000 0000 000000000000
  01000000`);

export const profinet: Question = {
  name: 'profinet-endpoint-lookup',
  title: 'PROFINET endpoint lookup',
  tells: 'device, order number, hardware and software version',
  spec: 'IEC 61158-6-10, endpoint mapper; DCE 1.1 RPC appendix O',
  transport: 'udp',
  port: 34_964,
  tries: [[constant('lookup of the endpoint mapper', LOOKUP)]],
};
