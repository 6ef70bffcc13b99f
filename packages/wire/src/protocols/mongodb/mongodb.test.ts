import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mongodb.golden.ts';
import { mongodb } from './mongodb.ts';

goldenTest(mongodb, golden, import.meta.url, { lockstep: 'the messages of an opening are told apart by their number' });
