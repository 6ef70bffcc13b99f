import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './llmnr.golden.ts';
import { llmnr } from './llmnr.ts';

goldenTest(llmnr, golden, import.meta.url);
