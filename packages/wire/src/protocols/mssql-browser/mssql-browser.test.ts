import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './mssql-browser.golden.ts';
import { mssqlBrowser } from './mssql-browser.ts';

goldenTest(mssqlBrowser, golden, import.meta.url);
