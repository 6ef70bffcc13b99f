import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mqtt-sn.golden.ts';
import { mqttSn } from './mqtt-sn.ts';

goldenTest(mqttSn, golden, import.meta.url);
