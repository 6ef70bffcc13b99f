import { expect, it } from 'vitest';
import { observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { capture, fromClient, fromServer, type Segmentation, tcp, write } from '../../testing/index.ts';
import { golden } from './telnet.golden.ts';
import { telnet } from './telnet.ts';

goldenTest(telnet, golden, import.meta.url);

const factsOf = async (file: Uint8Array) =>
  (await observationsOf(file, { protocols: [telnet] }))
    .filter(({ provenance }) => provenance.from === 'capture' && provenance.protocol === 'telnet')
    .map(({ kind, value }) => JSON.stringify([kind, value]))
    .sort();

it.each<Segmentation>(['halves', 'joined'])('tells the same in other segments: %s', async (how) => {
  expect(await factsOf(golden.resegmented(how).toPcap())).toEqual(await factsOf(golden.toPcap()));
});

it('takes no password for an account when lines in between are lost', async () => {
  const say = (content: string) => fromServer(write().text(content));
  const type = (content: string) => fromClient(write().text(content));
  const facts = await factsOf(
    capture('A login of which the account was lost', [
      tcp({ client: '10.9.1.1', server: '10.9.1.2', port: 23 }, [
        say('press login: '),
        type('Geheim-12\r\n'),
        say('\r\nLogin incorrect\r\npress login: '),
        say('Password: '),
        type('Geheim-13\r\n'),
      ]),
    ]).toPcap(),
  );
  expect(facts.join('\n')).not.toContain('Geheim');
  expect(facts.join('\n')).toContain('Telnet password');
});
