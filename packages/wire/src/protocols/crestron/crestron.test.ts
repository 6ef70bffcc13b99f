import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './crestron.golden.ts';
import { crestron } from './crestron.ts';

goldenTest(crestron, golden, import.meta.url);
