import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './dns.golden.ts';
import { dns } from './dns.ts';

goldenTest(dns, golden, import.meta.url);
