import type { Host } from '../host.ts';

/** The coffee machine's cloud, outside the plant (192.88.99.0/24 was 6to4's relay and belongs to nobody, RFC 7526). */
export const cloud: Host = {
  name: 'cloud',
  title: "The coffee machine's cloud",
  mac: '02:00:5e:00:53:40',
  segment: 'internet',
  address: '192.88.99.40/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.88.99.1']],
  programs: [{ command: ['%node', '%programs/web-page.ts', 'Brew cloud', 'nginx'], at: 0 }],
  needs: [],
};
