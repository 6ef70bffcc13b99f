import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './xmpp.golden.ts';
import { xmpp } from './xmpp.ts';

goldenTest(xmpp, golden, import.meta.url);
