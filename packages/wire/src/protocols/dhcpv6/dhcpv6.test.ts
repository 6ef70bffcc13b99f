import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './dhcpv6.golden.ts';
import { dhcpv6 } from './dhcpv6.ts';

goldenTest(dhcpv6, golden, import.meta.url);
