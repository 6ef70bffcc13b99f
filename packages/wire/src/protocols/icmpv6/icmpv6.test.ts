import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './icmpv6.golden.ts';
import { icmpv6 } from './icmpv6.ts';

goldenTest(icmpv6, golden, import.meta.url);
