import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './tftp.golden.ts';
import { tftp } from './tftp.ts';

goldenTest(tftp, golden, import.meta.url);
