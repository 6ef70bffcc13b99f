import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ubnt-discovery.golden.ts';
import { ubntDiscovery } from './ubnt-discovery.ts';

goldenTest(ubntDiscovery, golden, import.meta.url);
