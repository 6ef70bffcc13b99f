import type { Host } from '../host.ts';

/** The notebook of the automation engineer: goes online with a controller, asks the network, opens a share. */
export const engineeringStation: Host = {
  name: 'eng-nb04',
  title: 'Engineering station',
  mac: '00:14:22:8b:10:22',
  segment: 'plant',
  address: '192.168.10.22/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.168.10.1']],
  files: {
    'smb.conf': [
      '[global]',
      'netbios name = ENG-NB04',
      'workgroup = WORKS',
      'server string = Engineering notebook',
      'local master = no',
    ].join('\n'),
  },
  programs: [
    {
      command: [
        'nmbd',
        '-F',
        '--no-process-group',
        '-s',
        'smb.conf',
        '--option=lock directory=/run/samba',
        '--option=state directory=/run/samba',
        '--option=cache directory=/run/samba',
        '--option=pid directory=/run/samba',
      ],
      at: 1,
    },
    { command: ['%s7node', '%programs/s7-engineer.cjs', '192.168.10.11'], at: 8, once: true },
    { command: ['%node', '%programs/modbus-engineer.ts', '192.168.10.12'], at: 12, once: true },
    { command: ['%node', '%programs/bacnet-client.ts'], at: 14, once: true },
    {
      command: [
        'bash',
        '-c',
        'for host in 192.168.10.2 192.168.10.16; do snmpwalk -v2c -c public -t 1 -r 1 $host 1.3.6.1.2.1.1; done; snmpwalk -v2c -c public -t 1 -r 1 zt411-dispatch 1.3.6.1.2.1.1',
      ],
      at: 16,
      once: true,
    },
    { command: ['smbclient', '-s', 'smb.conf', '-N', '//192.168.20.5/recipes', '-c', 'ls'], at: 20, once: true },
    { command: ['bash', '-c', 'ssh-keyscan -T 2 192.168.20.5'], at: 22, once: true },
    { command: ['curl', '-s', '-m', '4', 'http://192.168.10.12/'], at: 24, once: true },
    { command: ['curl', '-s', '-k', '-m', '4', 'https://192.168.20.5/'], at: 25, once: true },
    { command: ['curl', '-s', '-m', '4', 'http://axis-accc8e2231:49152/rootdesc1.xml'], at: 27, once: true },
    { command: ['curl', '-s', '-m', '4', 'http://zt411-dispatch/'], at: 28, once: true },
  ],
  needs: ['samba', 'smbclient', 'snmp', 'openssh-client', 'curl'],
};
