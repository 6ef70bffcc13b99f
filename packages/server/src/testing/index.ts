// What tests and benchmarks of other packages need of the server: plants made up by rule, stores filled with them, servers
// of a test's own. Nothing here depends on a test runner.
export { openStore, type Store, type StoreAddress } from '../store/store.ts';
export { addCaptureRow, fillWithPlant } from './fill.ts';
export { type GeneratedCaptureOptions, generateCapture } from './generate-capture.ts';
export { generatePlant, type PlantOptions, seededRandom } from './generate-plant.ts';
export { CAPTURED, NetworkLab, networkLabMissing } from './network-lab.ts';
export { startPlantServer } from './plant-server.ts';
export { postgresPrograms, startPostgres, type TestPostgres } from './postgres.ts';
export { startTestServer, type TestServer } from './test-server.ts';
