// A bench that lets everything pass would make every golden test worthless: here it has to complain.
import type { FactKind } from '@interlock/model';
import { describe, expect, it } from 'vitest';
import { type AnyProtocol, NEED_MORE, protocol, type Saying } from '../protocol.ts';
import { capture, fromClient, fromServer, tcp, write } from './index.ts';
import { Bench, collectMessages } from './messages.ts';

/** A protocol of length-prefixed texts, to be made faulty. */
const texts = protocol({
  name: 'texts',
  title: 'Texts',
  spec: 'none',
  depth: 'full',
  on: { tcp: [7000] },
  tells: ['device.hostname'],
  open: () => ({ seen: 0 }),
  frame: (reader) => (reader.left < 1 ? NEED_MORE : 1 + reader.peek()),
  read: (reader) => reader.text(reader.u8()),
  observe: (message, say, conversation) => {
    conversation.state.seen++;
    say.fact(conversation.sender, 'device.hostname', message, 'text');
  },
});
const text = (content: string) => write().lengthPrefixed8(write().text(content)).build();
const golden = capture('texts', [
  tcp({ client: '10.0.0.5', server: '10.0.0.9', port: 7000 }, [
    fromClient(text('first')),
    fromServer(text('second')),
    fromClient(text('third')),
  ]),
]);
const faulty = (change: Partial<AnyProtocol>): AnyProtocol => ({ ...texts, ...change });

describe('the bench', () => {
  it('collects the messages of a capture with their ends', async () => {
    const messages = await collectMessages(texts, golden.toPcap());
    expect(messages.map(({ bytes }) => bytes)).toEqual([text('first'), text('second'), text('third')]);
    expect(messages.map(({ ends }) => ends.sender.ip)).toEqual(['10.0.0.5', '10.0.0.9', '10.0.0.5']);
    expect(messages.map(({ ends }) => ends.frame)).toEqual([4, 5, 6]);
    expect(new Set(messages.map(({ conversation }) => conversation)).size).toBe(1);
    expect(await collectMessages(texts, golden.resegmented('joined').toPcap())).toHaveLength(3);
  });

  it('replays what came before', async () => {
    const [first, second, third] = await collectMessages(texts, golden.toPcap());
    if (!first || !second || !third) throw new Error('too few messages');
    const conversation = new Bench(texts).converse(third.ends, [first, second]);
    expect(conversation.state).toEqual({ seen: 2 });
    expect(conversation.sender.ip).toBe('10.0.0.5');
  });

  it.each<[string, Partial<AnyProtocol>]>([
    ['throws', { read: () => JSON.parse('{') }],
    [
      'reads without end',
      {
        read: (reader) => {
          for (;;) {
            reader.seek(0);
            reader.u8();
          }
        },
      },
    ],
    ['frames a part of a byte', { frame: () => 1.5 }],
    ['says a kind it does not tell', { tells: [] }],
    ['says a number for a text', { read: () => 5 }],
    ['says control characters', { read: () => 'a\u0007b' }],
    ['says an endless text', { read: () => 'x'.repeat(10_000) }],
    [
      'says no integer',
      {
        tells: ['ntp.stratum'],
        observe: (_m, say: Saying<FactKind>, c) => say.fact(c.sender, 'ntp.stratum', Number.NaN, 'x'),
      },
    ],
    ['says something of nobody', { observe: (_m, say: Saying<FactKind>) => say.fact({}, 'device.hostname', 'x', 'y') }],
    ['says an operation it does not tell', { observe: (_m, say: Saying<FactKind>) => say.operation('start', 'mode') }],
    [
      'says the same forever',
      {
        observe: (m, say: Saying<FactKind>, c) => {
          for (;;) say.fact(c.sender, 'device.hostname', m, 'x');
        },
      },
    ],
  ])('complains of a protocol that %s', async (_what, change) => {
    const [message] = await collectMessages(texts, golden.toPcap());
    if (!message) throw new Error('no message');
    const tell = (of: AnyProtocol) => {
      const bench = new Bench(of);
      bench.tell(message.bytes, bench.converse(message.ends));
    };
    expect(() => tell(faulty(change))).toThrow();
    expect(() => tell(texts)).not.toThrow();
  });
});
