// UDLD: Cisco switches try whether a link carries both directions, and name themselves in doing so.

import { isGivenName } from '../../names.ts';
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { CISCO_SERIAL } from '../cdp/cdp.ts';

interface Udld {
  readonly device: string;
  readonly port: string;
  readonly name: string;
  readonly broken: boolean;
}

export const udld = protocol({
  name: 'udld',
  title: 'UniDirectional Link Detection',
  spec: 'RFC 5171',
  depth: 'identity',
  on: { snap: [0x00000c0111] },
  tells: ['device.hostname', 'device.serial', 'network.port-id'],

  read(reader): Udld | undefined {
    const version = reader.u8() >> 5;
    reader.skip(3);
    if (!reader.ok || version !== 1) return undefined;
    const texts: Record<number, string> = {};
    let broken = false;
    for (let n = 0; n < MAX_ELEMENTS && reader.left >= 4; n++) {
      const type = reader.u16();
      const element = reader.sub(reader.u16() - 4);
      broken ||= !element.ok;
      if (!element.ok) break;
      if (type === DEVICE || type === PORT || type === NAME) texts[type] = cleanText(element.text(element.left), 255);
    }
    return { device: texts[DEVICE] ?? '', port: texts[PORT] ?? '', name: texts[NAME] ?? '', broken };
  },

  observe({ device, port, name, broken }, say, { sender }: Conversation<undefined>) {
    if (broken) say.malformed('udld.element-past-end');
    if (CISCO_SERIAL.test(device)) say.fact(sender, 'device.serial', device, 'device ID');
    if (isGivenName(name)) say.fact(sender, 'device.hostname', name, 'device name');
    say.fact(sender, 'network.port-id', port, 'port ID');
  },
});

const DEVICE = 1;
const PORT = 2;
const NAME = 6;
/** Elements in one message; there are seven types. */
const MAX_ELEMENTS = 16;
