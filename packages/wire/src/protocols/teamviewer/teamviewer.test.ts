import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './teamviewer.golden.ts';
import { teamviewer } from './teamviewer.ts';

goldenTest(teamviewer, golden, import.meta.url);
