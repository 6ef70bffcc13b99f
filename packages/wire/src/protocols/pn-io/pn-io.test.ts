import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './pn-io.golden.ts';
import { pnIo } from './pn-io.ts';

goldenTest(pnIo, golden, import.meta.url);
