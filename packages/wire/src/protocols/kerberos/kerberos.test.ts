import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './kerberos.golden.ts';
import { kerberos } from './kerberos.ts';

goldenTest(kerberos, golden, import.meta.url);
