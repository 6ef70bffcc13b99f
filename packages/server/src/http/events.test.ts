import { expect, test } from 'vitest';
import { Events } from './events.ts';
import { Sessions } from './sessions.ts';

function text(stream: { read(): Buffer | null }): string {
  let all = '';
  for (let chunk = stream.read(); chunk; chunk = stream.read()) all += chunk.toString();
  return all;
}

test('everybody who watches is told, in the form of server-sent events', () => {
  const events = new Events();
  const [a, b] = [events.watch(() => true), events.watch(() => true)];
  events.tell({ event: 'capture-removed', id: 'x' });
  for (const stream of [a, b])
    expect(text(stream)).toBe('retry: 2000\n\nevent: capture-removed\ndata: {"event":"capture-removed","id":"x"}\n\n');
  events.close();
  expect(a.writableEnded).toBe(true);
});

test('a watcher whose session ended is let go, and one that does not take what it is sent', async () => {
  let now = 0;
  const sessions = new Sessions({ idleMilliseconds: 10, wholeMilliseconds: 100 }, () => now);
  const { cookie, session } = sessions.begin(true);
  const other = sessions.begin(true);
  const events = new Events();
  const idle = events.watch(() => sessions.isAlive(session));
  const signedOut = events.watch(() => sessions.isAlive(other.session));
  const slow = events.watch(() => true);
  events.tell({ event: 'corrections' });
  expect([idle, signedOut].map((stream) => stream.writableEnded)).toEqual([false, false]);
  sessions.end(other.cookie);
  now = 11;
  events.tell({ event: 'corrections' });
  expect([idle, signedOut].map((stream) => stream.writableEnded)).toEqual([true, true]);
  expect(sessions.use(cookie)).toBeUndefined();
  for (let i = 0; i < 40_000 && !slow.destroyed; i++) events.tell({ event: 'capture-removed', id: 'x'.repeat(64) });
  expect(slow.destroyed).toBe(true);
  events.close();
});
