import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './icmp.golden.ts';
import { icmp } from './icmp.ts';

goldenTest(icmp, golden, import.meta.url);
