import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './ldap.golden.ts';
import { ldap } from './ldap.ts';

goldenTest(ldap, golden, import.meta.url, {
  lockstep: 'what is bound decides what an entry shows (RFC 4513 section 4)',
});
