import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './vnc.golden.ts';
import { vnc } from './vnc.ts';

goldenTest(vnc, golden, import.meta.url, { lockstep: 'the choice of a security type decides what follows' });
