import type { Host } from '../host.ts';

/** The coffee machine's cloud, outside the plant (203.0.113.0/24 is for documentation, RFC 5737). */
export const cloud: Host = {
  name: 'cloud',
  title: "The coffee machine's cloud",
  mac: '02:00:5e:00:53:40',
  segment: 'internet',
  address: '203.0.113.40/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '203.0.113.1']],
  programs: [{ command: ['%node', '%programs/web-page.ts', 'Brew cloud', 'nginx'], at: 0 }],
  needs: [],
};
