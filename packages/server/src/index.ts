// Everything that touches the outside, as one call.
export { passwordFile } from './data-folder.ts';
export { isPasswordSet, setPassword } from './http/password.ts';
export { StartProblem } from './start-problem.ts';
export { DEFAULT_HOST, DEFAULT_PORT, type RunningServer, type ServerOptions, startServer } from './start-server.ts';
