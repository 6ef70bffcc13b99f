import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './sampled-values.golden.ts';
import { sampledValues } from './sampled-values.ts';

goldenTest(sampledValues, golden, import.meta.url);
