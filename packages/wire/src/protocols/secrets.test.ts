// Secrets that cross the wire are neither stored nor shown: of every golden capture that holds some, and of that capture
// in other segments, cut, doubled and met in its middle, neither facts nor explained frames hold one in any form.
import { describe, expect, it } from 'vitest';
import { type ExplainedFrame, explainFrames } from '../explain.ts';
import { observationsOf } from '../testing/golden-lines.ts';
import { byteSourceOf, type Capture, capture, LINK_TYPES } from '../testing/index.ts';
import { PROTOCOLS } from './index.ts';

interface Golden {
  readonly golden: Capture;
  readonly secrets?: readonly string[];
}
const goldens = await Promise.all(
  PROTOCOLS.map(async (protocol) => ({
    protocol,
    ...((await import(`./${protocol.name}/${protocol.name}.golden.ts`)) as Golden),
  })),
);

/** Ways in which a capture can hold the same messages, and less than them. */
function variantsOf(golden: Capture): [how: string, file: Uint8Array][] {
  const { frames, linkType } = golden;
  const of = (some: readonly { readonly bytes: Uint8Array }[]) => capture('variant', some, { linkType }).toPcap();
  return [
    ['as it is', golden.toPcap()],
    ...(['halves', 'joined', 'pipelined'] as const).map((how): [string, Uint8Array] => [
      how,
      golden.resegmented(how).toPcap(),
    ]),
    ...[60, 80, 100, 120, 140, 170, 200, 300].map((snapLength): [string, Uint8Array] => [
      `cut after ${snapLength} bytes`,
      golden.toPcap({ snapLength }),
    ]),
    ['with every frame twice', of(frames.flatMap((frame) => [frame, frame]))],
    ['a second time at its end', of([...frames, ...frames])],
    ['backwards', of(frames.toReversed())],
    ['without every third frame', of(frames.filter((_, n) => n % 3 !== 2))],
    ['of halves, without every third frame', of(golden.resegmented('halves').frames.filter((_, n) => n % 3 !== 2))],
    ['of halves, without every second frame', of(golden.resegmented('halves').frames.filter((_, n) => n % 2 === 0))],
  ];
}

const FRAMES_AT_ONCE = 100;
async function explainAll(file: Uint8Array): Promise<ExplainedFrame[]> {
  const all: ExplainedFrame[] = [];
  for (let first = 1; ; first += FRAMES_AT_ONCE) {
    const numbers = Array.from({ length: FRAMES_AT_ONCE }, (_, n) => first + n);
    const explained = await explainFrames(byteSourceOf(file), numbers);
    all.push(...explained);
    if (explained.length < FRAMES_AT_ONCE) return all;
  }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
/** A secret as text, in base64 at each of its three alignments, in hex and in UTF-16. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'latin1');
  const wide = Buffer.from(secret, 'utf16le');
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last signs also depend on the neighbours.
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  const forms = [secret, bytes.toString('hex'), wide.toString('latin1'), wide.toString('hex'), ...base64];
  return [...new Set(forms.filter(({ length }) => length >= Math.min(6, secret.length)))];
}
/** What is shown of frames, field by field and byte by byte; payloads also in a row, for what is cut in two. */
const shownOf = (explained: readonly ExplainedFrame[]): string =>
  [
    ...explained.flatMap(({ bytes, ...rest }) => [
      JSON.stringify(rest),
      latin1(bytes),
      Buffer.from(bytes).toString('hex'),
    ]),
    explained.map(({ bytes, layers }) => latin1(bytes.subarray(payloadOf(layers)))).join(''),
  ].join('\n');
const HEADERS = ['ethernet', 'vlan', 'llc', 'snap', 'ipv4', 'ipv6', 'tcp', 'udp'];
const payloadOf = (layers: ExplainedFrame['layers']): number =>
  layers.findLast(({ name }) => HEADERS.includes(name))?.end ?? 0;

function expectNone(text: string, secrets: readonly string[]): void {
  for (const secret of secrets)
    for (const form of formsOf(secret)) {
      const at = text.indexOf(form);
      expect(at < 0 ? '' : `${secret} in ${text.slice(Math.max(0, at - 60), at + 60)}`).toBe('');
    }
}

it('knows the secrets of every golden capture in which some cross', () => {
  for (const { protocol, secrets } of goldens)
    expect([protocol.name, (secrets ?? []).length > 0]).toEqual([protocol.name, protocol.secrets !== undefined]);
});

describe.each(goldens.filter(({ secrets }) => secrets).map((one) => [one.protocol.name, one] as const))(
  'secrets in %s',
  (_, { protocol, golden, secrets = [] }) => {
    // Proofs of a password are hidden too, but no secret that crossed in clear.
    const tells = protocol.tells.includes('credential.cleartext');
    it('are there to be found', () => {
      const file = latin1(golden.toPcap());
      for (const secret of secrets)
        expect([secret, formsOf(secret).some((form) => file.includes(form))]).toEqual([secret, true]);
    });

    it.each(variantsOf(golden))('stay hidden: %s', async (_, file) => {
      expectNone(JSON.stringify(await observationsOf(file, {})), secrets);
      const explained = await explainAll(file);
      expect(explained.length).toBeGreaterThan(0);
      expectNone(shownOf(explained), secrets);
    });

    it.runIf(tells)('are told to be hidden where the fact rests', async () => {
      const file = golden.toPcap();
      const explained = new Map((await explainAll(file)).map((frame) => [frame.frame, frame]));
      const told = (await observationsOf(file, {})).filter(({ kind }) => kind === 'credential.cleartext');
      expect(told.length).toBeGreaterThan(0);
      for (const { provenance } of told) {
        if (provenance.from !== 'capture') continue;
        for (const number of provenance.frames) {
          const { bytes = new Uint8Array(0), masked = [] } = explained.get(number) ?? {};
          expect(masked.map(({ what }) => what)).not.toEqual([]);
          for (const { start, end, what } of masked) {
            expect(what).toMatch(/password|token|community|cookie|challenge|key/i);
            expect(latin1(bytes.subarray(start, end))).toMatch(/^\*+$/);
          }
        }
      }
    });
  },
);

it('hides nothing of captures without secrets', async () => {
  for (const { protocol, golden, secrets } of goldens) {
    if (secrets) continue;
    for (const { frame, masked } of await explainAll(golden.toPcap()))
      expect([protocol.name, frame, ...masked]).toEqual([protocol.name, frame]);
  }
});

it('runs on Ethernet alone, so that the headers above are all that occur', () => {
  for (const { golden, secrets } of goldens) if (secrets) expect(golden.linkType).toBe(LINK_TYPES.ethernet);
});
