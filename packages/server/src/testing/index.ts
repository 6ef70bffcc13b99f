// What tests outside of this package start a server with. For tests only; nothing that is shipped imports it.
export { generateCapture } from './generate-capture.ts';
export { startPlantServer } from './plant-server.ts';
export { startTestServer, type TestServer } from './test-server.ts';
