import type { Host } from '../host.ts';

/** The controller of the press: an S7 server (Snap7), with its web page. */
export const pressPlc: Host = {
  name: 'press-plc',
  title: 'Controller of the press',
  mac: '00:1b:1b:5e:10:11',
  segment: 'plant',
  address: '192.168.10.11/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.168.10.1']],
  programs: [{ command: ['%s7node', '%programs/s7-server.cjs'], at: 0 }],
  needs: [],
};
