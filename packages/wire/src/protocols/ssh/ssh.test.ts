import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ssh.golden.ts';
import { ssh } from './ssh.ts';

goldenTest(ssh, golden, import.meta.url);
