import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rsync.golden.ts';
import { rsync } from './rsync.ts';

goldenTest(rsync, golden, import.meta.url, { lockstep: 'the answer to a module decides what follows' });
