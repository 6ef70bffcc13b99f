import { describe, expect, test } from 'vitest';
import type { ExportedDevice } from './exported.ts';
import { nameUuid } from './name-uuid.ts';
import { writeStix } from './stix.ts';

describe('STIX', () => {
  test('identifiers of observables are those that other tools derive (STIX 2.1 section 2.9)', () => {
    const namespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';
    expect(nameUuid(namespace, '{"value":"198.51.100.3"}')).toBe('28bb3599-77cd-5a82-a950-b5bc3caf07c4');
  });

  test('an address of two devices is one observable; no vendor is invented', async () => {
    const device = (id: string): ExportedDevice => ({
      id,
      level: 'unknown',
      outside: false,
      addresses: [{ kind: 'ipv4', value: '10.0.0.1' }],
      parts: [],
      first: 0,
      last: 0,
    });
    async function* both() {
      yield device('a');
      yield device('b');
    }
    let text = '';
    const origin = { time: 0, version: '1', uuid: '00000000-0000-4000-8000-000000000000', site: 'Plant' };
    for await (const piece of writeStix(both(), origin)) text += piece;
    const { objects } = JSON.parse(text) as { objects: { type: string; description?: string; name?: string }[] };
    expect(objects.filter(({ type }) => type === 'ipv4-addr')).toHaveLength(1);
    const infrastructure = objects.filter(({ type }) => type === 'infrastructure');
    expect(infrastructure.map(({ name, description }) => [name, description])).toEqual([
      ['10.0.0.1', undefined],
      ['10.0.0.1', undefined],
    ]);
  });
});
