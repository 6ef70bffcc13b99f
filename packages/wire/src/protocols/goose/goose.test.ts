import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './goose.golden.ts';
import { goose } from './goose.ts';

goldenTest(goose, golden, import.meta.url);
