import type { Host } from '../host.ts';

/** The managed switch of the plant: LLDP and CDP on the wire, SNMP for whoever asks. */
export const switchOne: Host = {
  name: 'sw-hall1',
  title: 'Switch of hall 1',
  mac: '00:80:63:a1:20:02',
  segment: 'plant',
  address: '192.168.10.2/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.168.10.1']],
  files: {
    'lldpd.conf': [
      'configure system description "Hirschmann MAR1040 SW: HiOS-2S-08.7.03"',
      'configure lldp tx-interval 10',
      'configure system hostname sw-hall1',
      'configure system ip management pattern 192.168.10.2',
    ].join('\n'),
    'snmpd.conf': [
      'agentaddress udp:161',
      'rocommunity public',
      'sysDescr Hirschmann MAR1040 SW: HiOS-2S-08.7.03',
      'sysName sw-hall1',
      'sysLocation Hall 1, cabinet A',
      'sysContact plant maintenance',
      'sysObjectID 1.3.6.1.4.1.248.14.10.47',
    ].join('\n'),
  },
  programs: [
    {
      command: [
        'bash',
        '-c',
        'mkdir -p /run/lldpd && exec lldpd -d -cccc -l -u /run/lldpd.socket -O "$PWD/lldpd.conf" -S "Hirschmann MAR1040 SW: HiOS-2S-08.7.03"',
      ],
      at: 0,
    },
    { command: ['snmpd', '-f', '-Lo', '-C', '-c', 'snmpd.conf', '-p', 'snmpd.pid'], at: 0 },
  ],
  needs: ['lldpd', 'snmpd'],
};
