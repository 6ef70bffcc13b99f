import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './memcached.golden.ts';
import { memcached } from './memcached.ts';

goldenTest(memcached, golden, import.meta.url, { lockstep: 'what is asked before tells whether a login is wanted' });
