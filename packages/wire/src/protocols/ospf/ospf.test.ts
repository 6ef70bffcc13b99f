import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ospf.golden.ts';
import { ospf } from './ospf.ts';

goldenTest(ospf, golden, import.meta.url);
