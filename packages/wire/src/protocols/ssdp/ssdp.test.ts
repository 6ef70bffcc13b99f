import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ssdp.golden.ts';
import { ssdp } from './ssdp.ts';

goldenTest(ssdp, golden, import.meta.url);
