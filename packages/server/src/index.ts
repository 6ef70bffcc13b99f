// Everything that touches the outside, as one call.

export { ApiProblem } from './api-problem.ts';
export { passwordFile } from './data-folder.ts';
export { isPasswordSet, setPassword } from './http/password.ts';
export { type DryRun, dryRun, importerNames } from './import/dry-run.ts';
export { bytesOfFile } from './ingest/receive.ts';
export { findRight } from './live/capture-tools.ts';
export { listInterfaces } from './live/interfaces.ts';
export { type Sensor, startSensor } from './live/sensor.ts';
export { StartProblem } from './start-problem.ts';
export { DEFAULT_HOST, DEFAULT_PORT, type RunningServer, type ServerOptions, startServer } from './start-server.ts';
