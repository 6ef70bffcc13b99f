import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './s7comm.golden.ts';
import { s7comm } from './s7comm.ts';

goldenTest(s7comm, golden, import.meta.url);
