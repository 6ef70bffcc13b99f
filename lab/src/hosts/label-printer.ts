import type { Host } from '../host.ts';

/** The label printer of dispatch: DNS-SD, SNMP and a web page. */
export const labelPrinter: Host = {
  name: 'zt411-dispatch',
  title: 'Label printer of dispatch',
  mac: '00:07:4d:9f:20:41',
  segment: 'office',
  address: 'dhcp',
  dhcpOptions: ['-V', 'Zebra ZT411'],
  files: {
    'snmpd.conf': [
      'agentaddress udp:161',
      'rocommunity public',
      'sysDescr ZTC ZT411-300dpi ZPL, ZebraNet Wired PS, V92.21.24Z',
      'sysName zt411-dispatch',
      'sysLocation Dispatch',
      'sysObjectID 1.3.6.1.4.1.10642.1.1',
    ].join('\n'),
  },
  programs: [
    { command: ['snmpd', '-f', '-Lo', '-C', '-c', 'snmpd.conf', '-p', 'snmpd.pid'], at: 0 },
    { command: ['%node', '%programs/label-printer.ts'], at: 9 },
    { command: ['%node', '%programs/web-page.ts', 'ZTC ZT411-300dpi ZPL', 'Zebra-HTTP/1.1'], at: 0 },
  ],
  needs: ['udhcpc', 'snmpd'],
};
