// Crestron's discovery: a broadcast question, answers of a control processor and of a touch panel, a new name, and noise.
import { type Bytes, capture, udp, write } from '../../testing/index.ts';

const send = (from: string, to: string, content: Bytes) => udp({ from, fromPort: 41_794, to, toPort: 41_794 }, content);
const head = (type: number, name: string) => write().u8(type, 0, 0, 0, 1, 4, 0, 3, 0, 0).text(name, 256);

const TOOL = '10.9.1.5';

export const golden = capture('Crestron discovery', [
  send(TOOL, '10.9.1.255', head(0x14, 'toolbox')),
  send(
    '10.9.1.10',
    TOOL,
    head(0x15, 'CP3-ROOM4').text('CP3 Cntrl Eng [v1.601.3934.19631 (Oct 10 2019), #00A3BBE7] @E-02005e100a10', 120),
  ),
  send('10.9.1.11', TOOL, head(0x15, 'localhost').text('TSW-1060 [v2.001.0040.001 (Feb 01 2018)]').zeros(3)),
  send('10.9.1.12', TOOL, head(0x15, 'DIN-1').text('nothing that is known')),
  send(TOOL, '10.9.1.11', write().u8(0x18, 0, 0, 0).lengthPrefixed16(write().text('PANEL-4', 16))),
  // Cut within the name, other words, a length that does not fit.
  send('10.9.1.13', TOOL, write().u8(0x15, 0, 0, 0, 1, 4, 0, 3, 0, 0).text('SHORT')),
  send('10.9.1.14', TOOL, write().u8(0x15, 0, 0, 0, 1, 9, 0, 3, 0, 0).text('OTHER', 256)),
  send(TOOL, '10.9.1.11', write().u8(0x18, 0, 0, 0).u16(99).text('X')),
]);
