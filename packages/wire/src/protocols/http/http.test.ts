import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './http.golden.ts';
import { http } from './http.ts';

goldenTest(http, golden, import.meta.url);
