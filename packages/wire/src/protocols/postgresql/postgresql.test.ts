import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './postgresql.golden.ts';
import { postgresql } from './postgresql.ts';

goldenTest(postgresql, golden, import.meta.url, {
  lockstep: 'each step of a login waits for the answer to the one before',
});
