// One device with everything known of it, for its page.
import type { DeviceOrigin, DeviceRole, PlantLevel, Reason, ServiceValue } from '@interlock/model';
import { FACTS } from '@interlock/model';
import type { DeviceDetail, DevicePartShown, OutputOf, ParsedQueryOf } from '@interlock/model/api';
import { sql } from 'kysely';
import { problem } from '../api-problem.ts';
import type { StoreDatabase } from './database.ts';
import { type FactRow, groupFacts, groupValues, readDeviceFacts } from './device-facts.ts';
import type { DeviceNotes, PartNotes } from './device-rows.ts';
import { summaryOf } from './devices.ts';
import { contradictionsOf, importsOf } from './import-views.ts';
import { factText, factTitle } from './texts.ts';

/** Services used and clients are counted over all, and this many of them shown. */
const SERVICES_SHOWN = 300;

export function deviceDetailStore(db: StoreDatabase) {
  const rowOf = async (id: string) => {
    const row = await db.read.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw problem('device.not-found', { device: id });
    return row;
  };

  return {
    /** The number of a device in this edition. Throws `device.not-found`. */
    async numberOf(id: string): Promise<number> {
      const row = await db.read.selectFrom('device').select('n').where('id', '=', id).executeTakeFirst();
      if (!row) throw problem('device.not-found', { device: id });
      return row.n;
    },

    /** Throws `device.not-found`. */
    async detail(id: string): Promise<DeviceDetail> {
      const row = await rowOf(id);
      const notes = JSON.parse(row.detail) as DeviceNotes;
      const [facts, captures, imports, contradictions, used, clients, counts] = await Promise.all([
        readDeviceFacts(db, row.n),
        db.read
          .selectFrom('device_capture as d')
          .innerJoin('capture as c', 'c.id', 'd.capture')
          .select(['c.id', 'c.name'])
          .where('d.device', '=', row.n)
          .orderBy('c.added')
          .execute(),
        importsOf(db, row.n),
        contradictionsOf(db, row.n),
        servicesUsed(row.n),
        clientsByPort(row.n),
        countsOf(row.n),
      ]);
      const summary = summaryOf(row);
      const own = facts.filter((fact) => fact.part === '');
      const keys = factFinder(facts);
      const reasons = (given: readonly Reason[]) => given.map((reason) => withFacts(reason, keys));
      return {
        id: row.id,
        ...summary,
        ...(notes.subjects[0] ? { anchor: anchorOf(notes) } : {}),
        subjects: [...notes.subjects],
        ...(row.role !== null && notes.role
          ? {
              role: {
                value: row.role as DeviceRole,
                sureness: notes.role.sureness,
                reasons: reasons(notes.role.reasons),
              },
            }
          : {}),
        level: {
          value: row.level as PlantLevel,
          sureness: notes.level.sureness,
          reasons: reasons(notes.level.reasons),
        },
        ...(row.zone === null ? {} : { zone: row.zone }),
        outside: row.outside === 1,
        origin: row.origin as DeviceOrigin,
        listed: row.listed === 1,
        contradictions,
        sureness: row.sureness,
        first: row.first_time,
        last: row.last_time,
        addresses: [...notes.addresses],
        joined: reasons(notes.joined),
        facts: groupFacts(own, Object.values(summary)),
        parts: notes.parts.map((part) => partShown(part, facts)),
        servicesOffered: servicesOffered(own, clients),
        servicesUsed: used,
        exposures: own
          .filter(({ kind }) => FACTS[kind].group === 'exposure')
          .map(({ kind, value, protocol, key }) => ({
            kind,
            title: factTitle(kind),
            text: factText(kind, value),
            protocol,
            fact: key,
          })),
        captures,
        imports,
        counts: { ...counts, peers: row.peers },
      };
    },

    /** All values of one kind, in pages. Throws `device.not-found`. */
    async facts(id: string, query: ParsedQueryOf<'listDeviceFacts'>): Promise<OutputOf<'listDeviceFacts'>> {
      const row = await rowOf(id);
      const rows = await readDeviceFacts(db, row.n, query.kind);
      const values = groupValues(
        rows.filter((fact) => fact.part === ''),
        Object.values(summaryOf(row)),
      );
      const start = placeIn(values.length, query.cursor);
      const end = start + query.limit;
      return {
        items: values.slice(start, end),
        total: values.length,
        ...(end < values.length ? { next: Buffer.from(`v${end}`).toString('base64url') } : {}),
      };
    },
  };

  async function servicesUsed(device: number): Promise<DeviceDetail['servicesUsed']> {
    const { rows } = await sql<{ transport: string; port: number; protocol: string | null; servers: number }>`
      select transport, port, protocol, count(distinct to_device) as servers from conversation
      where from_device = ${device} and to_device <> ${device}
      group by transport, port, protocol order by servers desc, port limit ${sql.lit(SERVICES_SHOWN)}`.execute(db.read);
    return rows.map(({ protocol, ...service }) => ({ ...service, ...(protocol === null ? {} : { protocol }) }));
  }
  async function clientsByPort(device: number): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ transport: string; port: number; n: number }>`
      select transport, port, count(distinct from_device) as n from conversation
      where to_device = ${device} and from_device <> ${device} group by transport, port`.execute(db.read);
    return new Map(rows.map(({ transport, port, n }) => [`${transport}/${port}`, n]));
  }
  async function countsOf(device: number): Promise<{ conversations: number; operations: number }> {
    const of = async (table: 'conversation' | 'operation') =>
      (
        await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
          where from_device = ${device} or to_device = ${device}`.execute(db.read)
      ).rows[0]?.n ?? 0;
    const [conversations, operations] = await Promise.all([of('conversation'), of('operation')]);
    return { conversations, operations };
  }
}
export type DeviceDetailStore = ReturnType<typeof deviceDetailStore>;

/** The subject a person's word about the device is told of: one with a MAC address, which stays with it. */
function anchorOf({ subjects }: DeviceNotes): string {
  const whole = subjects.filter(({ subject }) => !subject.includes('#'));
  return (whole.find(({ subject }) => subject.includes('@')) ?? whole[0] ?? subjects[0])?.subject ?? '';
}

/** Finds the key of the fact a reason names. */
function factFinder(facts: readonly FactRow[]): (fact: Reason['facts'][number]) => string | undefined {
  const bySubject = new Map<string, FactRow[]>();
  for (const fact of facts) {
    const key = `${fact.subject} ${fact.kind}`;
    const known = bySubject.get(key);
    if (known) known.push(fact);
    else bySubject.set(key, [fact]);
  }
  return ({ subject, kind, value }) => {
    const candidates = bySubject.get(`${subject} ${kind}`) ?? [];
    const same = candidates.find((fact) => String(fact.value) === value || factText(kind, fact.value) === value);
    return (same ?? candidates[0])?.key;
  };
}
const withFacts = (reason: Reason, keyOf: (fact: Reason['facts'][number]) => string | undefined) => ({
  text: reason.text,
  facts: reason.facts.map((fact) => {
    const key = keyOf(fact);
    return { ...fact, ...(key === undefined ? {} : { fact: key }) };
  }),
});

function servicesOffered(
  own: readonly FactRow[],
  clients: ReadonlyMap<string, number>,
): DeviceDetail['servicesOffered'] {
  const services = new Map<string, DeviceDetail['servicesOffered'][number]>();
  for (const { kind, value, key } of own) {
    if (kind !== 'service.offered') continue;
    const { transport, port, protocol } = value as ServiceValue;
    const place = `${transport}/${port}`;
    if (services.get(place)?.protocol) continue;
    services.set(place, {
      transport,
      port,
      ...(protocol ? { protocol } : {}),
      clients: clients.get(place) ?? 0,
      fact: key,
    });
  }
  return [...services.values()].sort((a, b) => a.port - b.port).slice(0, SERVICES_SHOWN);
}

function partShown(part: PartNotes, facts: readonly FactRow[]): DevicePartShown {
  const { id, summary } = part;
  return {
    id,
    part: part.part,
    ...(part.subject === undefined ? {} : { subject: part.subject }),
    ...(part.device === undefined ? {} : { device: part.device }),
    alsoBehind: [...(part.alsoBehind ?? [])],
    ...summary,
    addresses: part.addresses.map(({ kind, value }) => ({ kind, value })),
    facts: groupFacts(
      facts.filter((fact) => fact.part === id),
      Object.values(summary),
    ),
    children: part.children.map((child) => partShown(child, facts)),
  };
}

/** Where a page of values starts. Throws `request.bad-cursor`. */
function placeIn(length: number, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const place = /^v(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (place === undefined || Number(place) > length) throw problem('request.bad-cursor', {});
  return Number(place);
}
