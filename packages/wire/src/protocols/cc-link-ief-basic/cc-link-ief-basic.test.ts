import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './cc-link-ief-basic.golden.ts';
import { ccLinkIefBasic } from './cc-link-ief-basic.ts';

goldenTest(ccLinkIefBasic, golden, import.meta.url);
