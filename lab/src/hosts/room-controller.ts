import type { Host } from '../host.ts';

/** The room controller of the air conditioning: BACnet/IP. */
export const roomController: Host = {
  name: 'hvac-1',
  title: 'Room controller',
  mac: '00:03:ac:44:10:15',
  segment: 'plant',
  address: '192.168.10.15/24',
  programs: [{ command: ['%node', '%programs/bacnet-device.ts'], at: 0 }],
  needs: [],
};
