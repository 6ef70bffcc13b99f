// Written by hand after IEEE 802.1X clause 11 and RFC 3748: a panel at a switch, one with a token card, the keys of a
// wireless network, what breaks.
import { type Bytes, bytesOf, capture, link, write } from '../../testing/index.ts';

const SWITCH = '00:80:63:00:2a:01';
const PANEL = '00:1b:1b:00:2a:02';
const GROUP = '01:80:c2:00:00:03';
const send = (from: string, to: string, type: number, content: Bytes = write()) =>
  link({ from, to, type: 0x888e }, write().u8(2, type).lengthPrefixed16(content));
const eap = (code: number, type: number, data: string) => {
  const bytes = bytesOf(write().text(data));
  return write()
    .u8(code, 1)
    .u16(5 + bytes.length)
    .u8(type)
    .bytes(bytes);
};
const key = (flags: number) => write().u8(2).u16(flags, 16).zeros(90);

/** Every secret in the golden capture. */
export const secrets = ['token4711'];

export const golden = capture('EAPOL', [
  send(PANEL, GROUP, 1),
  send(SWITCH, PANEL, 0, eap(1, 1, '')),
  send(PANEL, SWITCH, 0, eap(2, 1, 'panel-5@plant')),
  send(SWITCH, PANEL, 0, eap(1, 25, '\x20')),
  send(PANEL, SWITCH, 0, eap(2, 25, '\x00')),
  send(SWITCH, PANEL, 0, write().u8(3, 2).u16(4)),
  send('00:1b:1b:00:2a:03', SWITCH, 0, eap(2, 6, 'token4711')),
  send('00:1b:1b:00:2a:04', SWITCH, 0, eap(2, 99, '')),
  send('02:00:00:00:2a:05', '00:1b:1b:00:2a:06', 3, key(0x008a)),
  send('00:1b:1b:00:2a:06', '02:00:00:00:2a:05', 3, key(0x010a)),
  send('02:00:00:00:2a:05', '00:1b:1b:00:2a:06', 3, key(0x0382)),
  send(PANEL, SWITCH, 2),
  // An identity longer than its frame, and a version that is not there.
  send(PANEL, SWITCH, 0, write().u8(2, 1).u16(900).u8(1).text('pa')),
  link({ from: PANEL, to: SWITCH, type: 0x888e }, write().u8(9, 0).u16(0)),
]);
