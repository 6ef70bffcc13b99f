import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mqtt.golden.ts';
import { mqtt } from './mqtt.ts';

goldenTest(mqtt, golden, import.meta.url);
