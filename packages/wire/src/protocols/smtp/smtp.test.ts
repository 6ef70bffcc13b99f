import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './smtp.golden.ts';
import { smtp } from './smtp.ts';

goldenTest(smtp, golden, import.meta.url, {
  lockstep: 'RFC 4954 section 4: a login waits for each answer of the server',
});
