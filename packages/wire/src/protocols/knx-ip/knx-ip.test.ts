import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './knx-ip.golden.ts';
import { knxIp } from './knx-ip.ts';

goldenTest(knxIp, golden, import.meta.url);
