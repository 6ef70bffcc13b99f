import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './sunrpc.golden.ts';
import { sunrpc } from './sunrpc.ts';

goldenTest(sunrpc, golden, import.meta.url, {
  lockstep: 'answers are told apart by the calls that were seen before them',
});
