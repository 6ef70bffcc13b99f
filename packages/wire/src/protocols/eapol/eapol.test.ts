import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './eapol.golden.ts';
import { eapol } from './eapol.ts';

goldenTest(eapol, golden, import.meta.url);
