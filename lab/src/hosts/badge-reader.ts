import type { Host } from '../host.ts';

/** The badge reader at the gate: DHCP with a MUD URL (RFC 8520), a log in clear, a password in clear. */
export const badgeReader: Host = {
  name: 'gate-reader',
  title: 'Badge reader at the gate',
  mac: '00:06:8e:5b:20:31',
  segment: 'office',
  address: 'dhcp',
  dhcpOptions: [
    '-V',
    'HID VertX EVO V1000',
    '-x',
    `0xa1:${Buffer.from('https://badge.example/mud/v1000.json').toString('hex')}`,
  ],
  programs: [
    {
      command: [
        'bash',
        '-c',
        'while sleep 7; do logger -n 192.168.20.5 -P 514 -d --rfc3164 -t vertxd "door 1: badge accepted"; done',
      ],
      at: 5,
    },
    {
      command: [
        'bash',
        '-c',
        'while sleep 11; do curl -s -m 3 -u reader:invented-for-the-demo http://192.168.20.5:8080/events; done',
      ],
      at: 6,
    },
    {
      command: ['chronyd', '-d', '-x', 'server 192.168.20.5 iburst', 'port 0', 'cmdport 0', 'pidfile /run/chronyd.pid'],
      at: 6,
    },
    {
      command: [
        'bash',
        '-c',
        'dropbearkey -t ed25519 -f key >/dev/null && exec dropbear -F -E -r key -P /run/dropbear.pid',
      ],
      at: 0,
    },
  ],
  needs: ['udhcpc', 'dropbear-bin', 'curl', 'bsdutils', 'chrony'],
};
