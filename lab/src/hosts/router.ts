import type { Host } from '../host.ts';

/** Routes between plant, office and the outside, hands out addresses in both, answers names; names itself by LLDP. */
export const router: Host = {
  name: 'gw',
  title: 'Router between plant and office',
  mac: '00:0d:b9:4a:10:01',
  segment: 'plant',
  address: '192.168.10.1/24',
  further: [
    { segment: 'office', mac: '00:0d:b9:4a:10:02', address: '192.168.20.1/24' },
    { segment: 'internet', mac: '00:0d:b9:4a:10:03', address: '192.88.99.1/24' },
  ],
  setUp: [['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1']],
  files: {
    'dnsmasq.conf': [
      'keep-in-foreground',
      'no-resolv',
      'no-hosts',
      'domain=works.example',
      'dhcp-authoritative',
      'no-ping',
      'dhcp-range=192.168.10.100,192.168.10.150,255.255.255.0,12h',
      'dhcp-range=192.168.20.100,192.168.20.150,255.255.255.0,12h',
      'dhcp-leasefile=leases',
      'host-record=files.works.example,192.168.20.5',
      'host-record=time.works.example,192.168.20.5',
      'host-record=brew.cloud.example,192.88.99.40',
    ].join('\n'),
  },
  programs: [
    { command: ['dnsmasq', '-C', 'dnsmasq.conf', '--user=root', '--pid-file='], at: 0 },
    { command: ['lldpd', '-d', '-l', '-u', '/run/lldpd.socket', '-S', 'OPNsense 24.7.12'], at: 1 },
  ],
  needs: ['dnsmasq-base', 'lldpd'],
};
