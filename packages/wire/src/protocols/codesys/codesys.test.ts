import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './codesys.golden.ts';
import { codesys } from './codesys.ts';

goldenTest(codesys, golden, import.meta.url, { lockstep: 'version 2 has one query at a time' });
