import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './vrrp.golden.ts';
import { vrrp } from './vrrp.ts';

goldenTest(vrrp, golden, import.meta.url);
