import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mdns.golden.ts';
import { mdns } from './mdns.ts';

goldenTest(mdns, golden, import.meta.url);
