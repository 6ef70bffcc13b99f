import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './dhcp.golden.ts';
import { dhcp } from './dhcp.ts';

goldenTest(dhcp, golden, import.meta.url);
