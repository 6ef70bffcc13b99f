import { expect, it } from 'vitest';
import { observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { golden } from './h323.golden.ts';
import { h323 } from './h323.ts';

goldenTest(h323, golden, import.meta.url);

it('names the protocol of calls, and of nothing else', async () => {
  const observations = await observationsOf(golden.toPcap(), { protocols: [h323] });
  const conversations = observations.flatMap(({ kind, value }) => (kind === 'conversation' ? [value] : []));
  expect(conversations.map((value) => (value as { protocol?: string }).protocol)).toEqual(['h323', undefined]);
});
