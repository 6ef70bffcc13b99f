import type { Host } from '../host.ts';

/** The camera over the loading bay: tells about itself by DHCP, mDNS and UPnP. */
export const camera: Host = {
  name: 'axis-accc8e2231',
  title: 'Camera at the loading bay',
  mac: 'ac:cc:8e:22:31:07',
  segment: 'office',
  address: 'dhcp',
  dhcpOptions: ['-V', 'AXIS,Network Camera,P3245-LV,10.12.199'],
  programs: [
    { command: ['%node', '%programs/camera.ts'], at: 9 },
    {
      command: [
        '%node',
        '%programs/web-page.ts',
        'AXIS P3245-LV Network Camera',
        'Apache/2.4.58 (Unix) OpenSSL/1.1.1w',
        'AXIS_ACCC8E223107',
      ],
      at: 0,
    },
  ],
  needs: ['udhcpc'],
};
