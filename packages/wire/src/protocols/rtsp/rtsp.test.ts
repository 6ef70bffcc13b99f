import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rtsp.golden.ts';
import { rtsp } from './rtsp.ts';

goldenTest(rtsp, golden, import.meta.url);
