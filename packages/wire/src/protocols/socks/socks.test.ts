import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './socks.golden.ts';
import { socks } from './socks.ts';

goldenTest(socks, golden, import.meta.url, { lockstep: 'the method that is chosen decides what follows' });
