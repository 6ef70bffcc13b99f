import type { Host } from '../host.ts';

/** The coffee machine nobody listed: asks for an address, then for its maker's cloud. */
export const coffeeMachine: Host = {
  name: 'barista-2f81',
  title: 'Coffee machine',
  mac: 'cc:50:e3:2f:81:51',
  segment: 'plant',
  address: 'dhcp',
  dhcpOptions: ['-V', 'udhcp 1.36.1'],
  programs: [
    {
      command: [
        'bash',
        '-c',
        'while sleep 9; do curl -s -m 2 -A "BrewFirmware/3.4" http://brew.cloud.example/telemetry; done',
      ],
      at: 5,
    },
  ],
  needs: ['udhcpc', 'curl'],
};
