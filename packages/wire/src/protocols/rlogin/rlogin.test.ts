import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './rlogin.golden.ts';
import { rlogin } from './rlogin.ts';

goldenTest(rlogin, golden, import.meta.url, { lockstep: 'a person types what a prompt asks for' });
