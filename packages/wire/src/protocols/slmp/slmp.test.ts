import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './slmp.golden.ts';
import { slmp } from './slmp.ts';

goldenTest(slmp, golden, import.meta.url, { lockstep: '3E frames have no number: a client waits for each answer' });
