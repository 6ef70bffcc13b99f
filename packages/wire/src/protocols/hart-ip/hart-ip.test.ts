import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './hart-ip.golden.ts';
import { hartIp } from './hart-ip.ts';

goldenTest(hartIp, golden, import.meta.url);
