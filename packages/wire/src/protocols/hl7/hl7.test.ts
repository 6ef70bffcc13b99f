import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './hl7.golden.ts';
import { hl7 } from './hl7.ts';

goldenTest(hl7, golden, import.meta.url);
