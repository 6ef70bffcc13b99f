import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rdp.golden.ts';
import { rdp } from './rdp.ts';

goldenTest(rdp, golden, import.meta.url, {
  lockstep: 'each step of the opening waits for the answer to the one before',
});
