import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './bgp.golden.ts';
import { bgp } from './bgp.ts';

goldenTest(bgp, golden, import.meta.url);
