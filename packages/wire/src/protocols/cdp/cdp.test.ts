import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './cdp.golden.ts';
import { cdp } from './cdp.ts';

goldenTest(cdp, golden, import.meta.url);
