import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './dnp3.golden.ts';
import { dnp3 } from './dnp3.ts';

goldenTest(dnp3, golden, import.meta.url);
