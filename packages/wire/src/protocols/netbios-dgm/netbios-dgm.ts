// NetBIOS datagrams: hosts announce themselves to their workgroup and look for their domain's controllers. Each datagram
// also carries the name of its sender.
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { NameReader } from '../dns/message.ts';
import { isHostName, type NetbiosName, netbiosText, readNetbiosName } from '../netbios-ns/names.ts';
import { type Announcement, readBrowserMessage, readLogonMessage } from './browser.ts';

interface Datagram {
  readonly sourceIp: string;
  readonly source: NetbiosName;
  readonly announcement?: Announcement;
}

export const netbiosDgm = protocol({
  name: 'netbios-dgm',
  title: 'NetBIOS datagram service with browser announcements',
  spec: 'RFC 1002 section 4.4; MS-BRWS; MS-ADTS section 6.3',
  depth: 'full',
  on: { udp: [138] },
  tells: [
    'netbios.name',
    'netbios.group',
    'device.hostname',
    'device.os',
    'device.description',
    'service.role',
    'address.announced-ip',
  ],

  read(reader: Reader): Datagram | undefined {
    const type = reader.u8();
    if (type < TYPES.directUnique || type > TYPES.broadcast) return undefined;
    reader.skip(3); // Flags and identifier.
    const sourceIp = reader.ipv4();
    reader.skip(4); // Source port and length.
    const offset = reader.u16();
    const names = new NameReader(reader, reader.offset);
    const source = readNetbiosName(names);
    readNetbiosName(names); // Destination: whom it is for, not who sends.
    if (!source) return undefined;
    // Fragments behind the first carry no header of SMB.
    const announcement = offset === 0 && reader.ok ? readMailslot(reader) : undefined;
    return { sourceIp, source, ...(announcement ? { announcement } : {}) };
  },

  observe({ sourceIp, source, announcement }, say, conversation: Conversation<undefined>) {
    const { sender } = conversation;
    // A forwarded datagram (RFC 1002 section 5.3, distribution servers) names another host than its sender.
    if (sourceIp !== sender.ip && conversation.toGroup === false) return;
    const text = netbiosText(source);
    if (isHostName(source)) {
      say.fact(sender, 'netbios.name', text, 'NetBIOS datagram source name');
      say.fact(sender, 'device.hostname', source.name, 'NetBIOS datagram source name');
    }
    if (sourceIp !== sender.ip && isHostAddress(sourceIp))
      say.fact(sender, 'address.announced-ip', sourceIp, 'NetBIOS datagram source address');
    if (!announcement) return;
    const { host = '', group = '', comment = '', os = '', roles = [] } = announcement;
    say.fact(sender, 'device.hostname', host, announcement.source);
    say.fact(sender, 'netbios.group', group, announcement.source);
    say.fact(sender, 'device.description', comment, announcement.source);
    say.fact(sender, 'device.os', os, announcement.source);
    for (const role of roles) say.fact(sender, 'service.role', role, announcement.source);
  },
});

const TYPES = { directUnique: 0x10, directGroup: 0x11, broadcast: 0x12 } as const;

const SMB = 0xff534d42;
const TRANSACTION = 0x25;
const SMB_HEADER = 32;

/** The SMB transaction that writes to a mailslot (MS-MAIL section 2.2.1): name of the mailslot, then the message. */
function readMailslot(reader: Reader): Announcement | undefined {
  const smb = reader.offset;
  if (reader.u32() !== SMB || reader.u8() !== TRANSACTION) return undefined;
  reader.seek(smb + SMB_HEADER);
  const words = reader.u8();
  if (words < 14) return undefined;
  reader.skip(22); // Totals, maximums, flags, timeout, reserved, and parameters, of which there are none.
  const dataLength = reader.u16le();
  const dataOffset = reader.u16le();
  reader.seek(smb + SMB_HEADER + 1 + 2 * words + 2);
  const mailslot = reader.textz(64).toUpperCase();
  reader.seek(smb + dataOffset);
  const data = reader.sub(Math.min(dataLength, reader.left));
  if (!reader.ok) return undefined;
  if (mailslot === '\\MAILSLOT\\BROWSE') return readBrowserMessage(data);
  return mailslot.startsWith('\\MAILSLOT\\NET\\') ? readLogonMessage(data) : undefined;
}

const isHostAddress = (ip: string): boolean => {
  const first = Number.parseInt(ip, 10);
  return first > 0 && first < 224 && first !== 127;
};
