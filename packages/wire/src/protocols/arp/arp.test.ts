import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './arp.golden.ts';
import { arp } from './arp.ts';

goldenTest(arp, golden, import.meta.url);
