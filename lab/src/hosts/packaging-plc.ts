import type { Host } from '../host.ts';

/** The controller of the packaging line: Modbus/TCP with device identification, and the page it shows to browsers. */
export const packagingPlc: Host = {
  name: 'pack-plc',
  title: 'Controller of the packaging line',
  mac: '00:80:f4:3c:10:12',
  segment: 'plant',
  address: '192.168.10.12/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.168.10.1']],
  programs: [
    { command: ['%node', '%programs/modbus-server.ts'], at: 0 },
    { command: ['%node', '%programs/web-page.ts', 'Packaging line 2', 'Schneider-WEB/V2.1.4'], at: 0 },
  ],
  needs: [],
};
