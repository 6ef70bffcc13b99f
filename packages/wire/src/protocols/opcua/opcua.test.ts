import { expect, it } from 'vitest';
import { goldenLines, observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { golden, reversedSession } from './opcua.golden.ts';
import { opcua } from './opcua.ts';

goldenTest(opcua, golden, import.meta.url);

it('knows the server where it opened the connection itself', async () => {
  const lines = goldenLines(await observationsOf(reversedSession.toPcap(), { protocols: [opcua] }), 'opcua');
  const told = lines.map((line) => JSON.parse(line) as { subject: string; kind: string });
  const of = (kind: string) => told.filter((fact) => fact.kind === kind).map(({ subject }) => subject.split('@')[0]);
  expect(of('opcua.security-used')).toEqual(['10.6.0.20']);
  expect(of('operation')).toEqual(['10.6.0.20']);
  expect(of('opcua.asked-endpoint')).toEqual(['10.6.0.5']);
});
