import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './sip.golden.ts';
import { sip } from './sip.ts';

goldenTest(sip, golden, import.meta.url);
