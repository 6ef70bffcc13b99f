import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ads.golden.ts';
import { ads } from './ads.ts';

goldenTest(ads, golden, import.meta.url, { lockstep: 'a write by handle needs the answer that gave the handle' });
