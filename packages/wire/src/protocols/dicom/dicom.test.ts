import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './dicom.golden.ts';
import { dicom } from './dicom.ts';

goldenTest(dicom, golden, import.meta.url);
