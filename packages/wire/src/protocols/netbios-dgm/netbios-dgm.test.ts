import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './netbios-dgm.golden.ts';
import { netbiosDgm } from './netbios-dgm.ts';

goldenTest(netbiosDgm, golden, import.meta.url);
