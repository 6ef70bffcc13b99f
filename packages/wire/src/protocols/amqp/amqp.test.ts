import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './amqp.golden.ts';
import { amqp } from './amqp.ts';

goldenTest(amqp, golden, import.meta.url);
