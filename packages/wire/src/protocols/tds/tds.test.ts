import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './tds.golden.ts';
import { tds } from './tds.ts';

goldenTest(tds, golden, import.meta.url, { lockstep: 'each step of a login waits for the answer to the one before' });
