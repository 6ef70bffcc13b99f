import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './jetdirect.golden.ts';
import { jetdirect } from './jetdirect.ts';

goldenTest(jetdirect, golden, import.meta.url);
