import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './fox.golden.ts';
import { fox } from './fox.ts';

goldenTest(fox, golden, import.meta.url);
