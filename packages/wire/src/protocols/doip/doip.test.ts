import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './doip.golden.ts';
import { doip } from './doip.ts';

goldenTest(doip, golden, import.meta.url);
