// ARP as two stations, a virtual router and a diskless station of a small plant speak it.
import { capture, link, write } from '../../testing/index.ts';

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const NOBODY = '00:00:00:00:00:00';
const PLC = '00:0e:8c:12:34:56';
const PANEL = '00:1b:1b:65:43:21';
const ROUTER = '00:00:5e:00:01:0a';

/** RFC 826: hardware type, protocol type, both lengths, operation, sender's pair, target's pair. */
const packet = (operation: number, sender: readonly [string, string], target: readonly [string, string]) =>
  write().u16(1, 0x0800).u8(6, 4).u16(operation).mac(sender[0]).ipv4(sender[1]).mac(target[0]).ipv4(target[1]);

export const golden = capture('ARP requests, replies, probes, announcements; RARP; other hardware', [
  // A probe asks whether an address is free and claims none (RFC 5227 section 2.1.1).
  link({ from: PLC, to: BROADCAST, type: 0x0806 }, packet(1, [PLC, '0.0.0.0'], [NOBODY, '192.168.20.5'])),
  // An announcement (section 2.3): sender and target address are the same.
  link({ from: PLC, to: BROADCAST, type: 0x0806 }, packet(1, [PLC, '192.168.20.5'], [NOBODY, '192.168.20.5'])),
  // A request claims the sender's address, not the one asked for.
  link({ from: PANEL, to: BROADCAST, type: 0x0806 }, packet(1, [PANEL, '192.168.20.6'], [NOBODY, '192.168.20.5'])),
  link({ from: PLC, to: PANEL, type: 0x0806 }, packet(2, [PLC, '192.168.20.5'], [PANEL, '192.168.20.6'])),
  // The answer of a virtual router comes with the group's hardware address (RFC 5798 section 7.3).
  link({ from: ROUTER, to: PLC, type: 0x0806 }, packet(2, [ROUTER, '192.168.20.1'], [PLC, '192.168.20.5'])),
  // A diskless station gets its address by RARP (RFC 903).
  link({ from: PLC, to: PANEL, type: 0x8035 }, packet(4, [PLC, '192.168.20.5'], [PANEL, '192.168.20.77'])),
  // A forged sender: a group address is no station's.
  link({ from: PANEL, to: PLC, type: 0x0806 }, packet(2, ['01:00:5e:00:00:01', '192.168.20.9'], [PLC, '192.168.20.5'])),
  // IP over FireWire (RFC 2734 section 5) has another length of hardware address: no MAC address is in it.
  link(
    { from: PANEL, to: BROADCAST, type: 0x0806 },
    write().u16(24, 0x0800).u8(16, 4).u16(1).zeros(16).ipv4('192.168.20.6').ipv4('192.168.20.5'),
  ),
  // Lengths that do not go with IPv4.
  link({ from: PANEL, to: BROADCAST, type: 0x0806 }, write().u16(1, 0x0800).u8(6, 16).u16(1).mac(PANEL).zeros(36)),
]);
