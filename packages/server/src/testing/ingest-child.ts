// A process that takes captures in and ends when everything is stored: the kill test ends it before that.
import { pino } from 'pino';
import { startServer } from '../start-server.ts';

const [data = '', databaseUrl = '', ...captures] = process.argv.slice(2);
const server = await startServer({
  data,
  port: 0,
  captures,
  logger: pino({ level: 'silent' }),
  ...(databaseUrl ? { databaseUrl } : {}),
});
process.stdout.write('started\n');
await server.settled();
await server.close();
process.stdout.write('settled\n');
