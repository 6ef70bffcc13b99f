import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './netbios-ns.golden.ts';
import { netbiosNs } from './netbios-ns.ts';

goldenTest(netbiosNs, golden, import.meta.url);
