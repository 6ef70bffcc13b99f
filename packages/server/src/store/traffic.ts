// What a device does on the network: conversations with others, and what is asked of whom.
import type { OperationKind } from '@interlock/model';
import type { DeviceLink, OutputOf, ParsedQueryOf } from '@interlock/model/api';
import { type RawBuilder, sql } from 'kysely';
import { Paging } from './cursor.ts';
import { holds, type StoreDatabase } from './database.ts';
import { keysOf } from './device-facts.ts';
import { toLink } from './devices.ts';
import { searchWords } from './texts.ts';

const CONVERSATION_ORDER = {
  bytes: sql`c.bytes_sent + c.bytes_received`,
  packets: sql`c.packets_sent + c.packets_received`,
  first: sql.ref('c.first_time'),
  last: sql.ref('c.last_time'),
  port: sql.ref('c.port'),
} as const;
const OPERATION_ORDER = {
  count: sql.ref('c.count'),
  first: sql.ref('c.first_time'),
  last: sql.ref('c.last_time'),
  what: sql.ref('c.what'),
} as const;

type Condition = RawBuilder<boolean>;

export function trafficStore(db: StoreDatabase) {
  return {
    /** In: the number of a device. Out: its conversations, told from its end. */
    async conversations(
      device: number,
      query: ParsedQueryOf<'listConversations'>,
    ): Promise<OutputOf<'listConversations'>> {
      const { cursor, limit, ...rest } = query;
      const paging = new Paging(
        [
          { by: CONVERSATION_ORDER[query.sort], descending: query.order === 'descending' },
          { by: sql.ref('c.id'), descending: false },
        ],
        ['conversations', device, rest],
        { cursor, limit },
      );
      const searched: Condition[] = searchWords(query.search ?? '').map(
        (
          word,
        ) => sql`(${holds(db.engine, sql`p.search`, word)} or ${holds(db.engine, sql`coalesce(c.protocol, '')`, word)}
          or (c.transport || '/' || c.port) = ${word} or cast(c.port as text) = ${word})`,
      );
      const where = conditions(
        device,
        query.direction === undefined ? undefined : query.direction === 'client',
        query.peer,
        searched,
      );
      const { page, total } = await fetch<ConversationRow>('conversation', device, where, paging);
      const keys = await keysOf(db, page.rows.flatMap(factsOf));
      return {
        items: page.rows.map((row) => {
          const client = row.from_device === device;
          return {
            id: String(row.id),
            direction: client ? ('client' as const) : ('server' as const),
            peer: peerOf(row),
            transport: row.transport,
            port: row.port,
            ...(row.protocol === null ? {} : { protocol: row.protocol }),
            packetsSent: client ? row.packets_sent : row.packets_received,
            packetsReceived: client ? row.packets_received : row.packets_sent,
            bytesSent: client ? row.bytes_sent : row.bytes_received,
            bytesReceived: client ? row.bytes_received : row.bytes_sent,
            first: row.first_time,
            last: row.last_time,
            facts: named(row, keys),
          };
        }),
        total,
        ...(page.next ? { next: page.next } : {}),
      };
    },

    /** In: the number of a device. Out: what it asked of others and what was done to it. */
    async operations(device: number, query: ParsedQueryOf<'listOperations'>): Promise<OutputOf<'listOperations'>> {
      const { cursor, limit, ...rest } = query;
      const paging = new Paging(
        [
          { by: OPERATION_ORDER[query.sort], descending: query.order === 'descending' },
          { by: sql.ref('c.id'), descending: false },
        ],
        ['operations', device, rest],
        { cursor, limit },
      );
      const kinds: Condition[] = query.kind ? [sql`c.kind in (${sql.join(query.kind)})`] : [];
      const where = conditions(
        device,
        query.direction === undefined ? undefined : query.direction === 'asked',
        query.peer,
        kinds,
      );
      const { page, total } = await fetch<OperationRow>('operation', device, where, paging);
      const keys = await keysOf(db, page.rows.flatMap(factsOf));
      return {
        items: page.rows.map((row) => ({
          id: String(row.id),
          direction: row.from_device === device ? ('asked' as const) : ('done to it' as const),
          peer: peerOf(row),
          protocol: row.protocol,
          what: row.what,
          kind: row.kind as OperationKind,
          ...(row.detail === null ? {} : { detail: row.detail }),
          ...(row.accepted === null ? {} : { accepted: row.accepted === 1 }),
          count: row.count,
          frames: JSON.parse(row.frames) as number[],
          first: row.first_time,
          last: row.last_time,
          facts: named(row, keys),
        })),
        total,
        ...(page.next ? { next: page.next } : {}),
      };
    },
  };

  /** A page of rows of one device, each with the device at its other end, and how many there are in all. */
  async function fetch<R extends Row>(
    table: 'conversation' | 'operation',
    device: number,
    where: Condition,
    paging: Paging,
  ) {
    const matching = sql`from ${sql.table(table)} c
      join device p on p.n = case when c.from_device = ${device} then c.to_device else c.from_device end where ${where}`;
    const [rows, all] = await Promise.all([
      sql<R>`select c.*, p.id as peer_id, p.label as peer_label, p.role as peer_role, p.level as peer_level,
          p.outside as peer_outside, ${sql.join(paging.selections)}
        ${matching} and ${paging.where} order by ${paging.orderBy} limit ${paging.fetch}`.execute(db.read),
      sql<{ n: number }>`select count(*) as n ${matching}`.execute(db.read),
    ]);
    return { page: paging.finish(rows.rows), total: all.rows[0]?.n ?? 0 };
  }
}
export type TrafficStore = ReturnType<typeof trafficStore>;

interface Row {
  readonly id: number;
  readonly from_device: number;
  readonly to_device: number;
  readonly first_time: number;
  readonly last_time: number;
  readonly facts: string;
  readonly peer_id: string;
  readonly peer_label: string;
  readonly peer_role: string | null;
  readonly peer_level: string;
  readonly peer_outside: number;
}
interface ConversationRow extends Row {
  readonly transport: string;
  readonly port: number;
  readonly protocol: string | null;
  readonly packets_sent: number;
  readonly packets_received: number;
  readonly bytes_sent: number;
  readonly bytes_received: number;
}
interface OperationRow extends Row {
  readonly protocol: string;
  readonly what: string;
  readonly kind: string;
  readonly detail: string | null;
  readonly accepted: number | null;
  readonly count: number;
  readonly frames: string;
}

const peerOf = (row: Row): DeviceLink =>
  toLink({
    id: row.peer_id,
    label: row.peer_label,
    role: row.peer_role,
    level: row.peer_level,
    outside: row.peer_outside,
  });

const factsOf = ({ facts }: Row): number[] => JSON.parse(facts) as number[];
const named = (row: Row, keys: ReadonlyMap<number, string>): string[] =>
  factsOf(row).flatMap((number) => keys.get(number) ?? []);

function conditions(
  device: number,
  fromIt: boolean | undefined,
  peer: string | undefined,
  more: readonly Condition[],
): Condition {
  const ends: Condition =
    fromIt === undefined
      ? sql`(c.from_device = ${device} or c.to_device = ${device})`
      : fromIt
        ? sql`c.from_device = ${device}`
        : sql`c.to_device = ${device}`;
  return sql`${sql.join([ends, ...(peer === undefined ? [] : [sql`p.id = ${peer}`]), ...more], sql` and `)}`;
}
