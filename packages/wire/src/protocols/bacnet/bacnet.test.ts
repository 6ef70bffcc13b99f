import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './bacnet.golden.ts';
import { bacnet } from './bacnet.ts';

goldenTest(bacnet, golden, import.meta.url);
