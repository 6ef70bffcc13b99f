import type { Host } from '../host.ts';

/** The operator panel of the hall: polls both controllers. */
export const hmi: Host = {
  name: 'hmi-hall1',
  title: 'Operator panel',
  mac: '00:0a:e4:71:10:21',
  segment: 'plant',
  address: '192.168.10.21/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.168.10.1']],
  programs: [
    { command: ['%node', '%programs/modbus-poll.ts', '192.168.10.12'], at: 2 },
    { command: ['%s7node', '%programs/s7-poll.cjs', '192.168.10.11'], at: 2 },
  ],
  needs: [],
};
