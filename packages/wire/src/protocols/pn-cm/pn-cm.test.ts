import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './pn-cm.golden.ts';
import { pnCm } from './pn-cm.ts';

goldenTest(pnCm, golden, import.meta.url);
