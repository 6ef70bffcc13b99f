import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './redis.golden.ts';
import { redis } from './redis.ts';

goldenTest(redis, golden, import.meta.url);
