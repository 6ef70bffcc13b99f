import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './x11.golden.ts';
import { x11 } from './x11.ts';

goldenTest(x11, golden, import.meta.url, { lockstep: 'a server answers in the byte order of the client' });
