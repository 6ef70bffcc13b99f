import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mysql.golden.ts';
import { mysql } from './mysql.ts';

goldenTest(mysql, golden, import.meta.url, { lockstep: 'each step of a login waits for the answer to the one before' });
