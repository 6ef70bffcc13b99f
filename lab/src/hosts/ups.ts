import type { Host } from '../host.ts';

/** The network card of the power supply, as SNMP tells it. */
export const ups: Host = {
  name: 'ups-hall1',
  title: 'Power supply of hall 1',
  mac: '00:c0:b7:66:10:16',
  segment: 'plant',
  address: '192.168.10.16/24',
  files: {
    'snmpd.conf': [
      'agentaddress udp:161',
      'rocommunity public',
      'sysDescr APC Web/SNMP Management Card (MB:v4.3.7 PF:v7.0.8 PN:apc_hw21_aos_708.bin AF1:v7.0.8 AN1:apc_hw21_su_708.bin MN:AP9641 HR:05 SN: ZA2114005587 MD:04/02/2021)',
      'sysName ups-hall1',
      'sysLocation Hall 1, cabinet A',
      'sysContact plant maintenance',
      'sysObjectID 1.3.6.1.4.1.318.1.3.27',
    ].join('\n'),
  },
  programs: [{ command: ['snmpd', '-f', '-Lo', '-C', '-c', 'snmpd.conf', '-p', 'snmpd.pid'], at: 0 }],
  needs: ['snmpd'],
};
