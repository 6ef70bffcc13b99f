import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './tplink-smarthome.golden.ts';
import { tplinkSmarthome } from './tplink-smarthome.ts';

goldenTest(tplinkSmarthome, golden, import.meta.url);
