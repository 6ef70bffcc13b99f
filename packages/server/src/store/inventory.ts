// The computed inventory in the store: replaced as a whole in one transaction, so that a reader sees the old one or the
// new one, and a computation that was cut off leaves the old one.
import type { Conversation, Device, DeviceFact, DevicePart, Inventory, Operation } from '@interlock/model';
import { type Kysely, sql } from 'kysely';
import { type ColumnType, inTransaction, type StoreDatabase, storeRows } from './database.ts';
import { deviceRow, labelOf, servicesOf } from './device-rows.ts';
import { type FactContent, factKey, storedValue } from './fact-key.ts';
import { CHANGES, originOf, removeOrigin, type Sighting, storeSightings } from './observations.ts';
import type { Schema } from './schema.ts';
import { searchable } from './texts.ts';

/** Rows per statement; devices carry a few kilobytes each. */
const ROWS_PER_STATEMENT = 4_000;
const DEVICES_PER_STATEMENT = 500;
/** Up to which change of the observations the inventory was computed, and when. */
const COMPUTED = 'computed';
const COMPUTED_AT = 'computed-at';

/** The origin of what identity resolution concludes; replaced with the inventory and never read as an observation. */
const CONCLUDED = 'identity';
const CONCLUDED_DETAIL = JSON.stringify({ rule: 'identity' });

/** Numbers of the facts that conversations and operations rest on, beside the inventory. */
export interface TrafficFacts {
  ofConversation(conversation: Conversation): readonly number[];
  ofOperation(operation: Operation): readonly number[];
}

const DERIVED = [
  'device',
  'device_address',
  'device_service',
  'device_fact',
  'device_capture',
  'device_contradiction',
  'conversation',
  'operation',
] as const;

export function inventoryStore(db: StoreDatabase) {
  return {
    /**
     * Puts a newly computed inventory in the place of the old one. In: the inventory, the facts traffic rests on, and
     * the change of the observations (`ObservationStore.changes`) it was computed from, read before they were.
     */
    replace: (inventory: Inventory, traffic: TrafficFacts, changes: number, at: number): Promise<void> =>
      inTransaction(db, async (tx) => {
        for (const name of DERIVED) await tx.deleteFrom(name).execute();
        const concluded = await storeConcluded(tx, inventory.devices);
        await storeInventory(tx, inventory, traffic, concluded);
        for (const [key, value] of [
          [COMPUTED, changes],
          [COMPUTED_AT, Math.round(at)],
        ] as const)
          await sql`insert into setting (key, value) values (${key}, ${value})
            on conflict (key) do update set value = excluded.value`.execute(tx);
      }),

    /** Whether the inventory was computed from the observations as they are, and when. */
    async state(): Promise<{ readonly current: boolean; readonly at?: number; readonly devices: number }> {
      const [settings, counted] = await Promise.all([
        db.read.selectFrom('setting').selectAll().execute(),
        sql<{ n: number }>`select count(*) as n from device`.execute(db.read),
      ]);
      const setting = (key: string) => settings.find((row) => row.key === key)?.value;
      const at = setting(COMPUTED_AT);
      return {
        current: (setting(COMPUTED) ?? 0) === (setting(CHANGES) ?? 0),
        ...(at === undefined ? {} : { at }),
        devices: counted.rows[0]?.n ?? 0,
      };
    },

    /** Which address belongs to which device, for devices to keep their ids. */
    async knownIds(): Promise<ReadonlyMap<string, string>> {
      const rows = await db.read
        .selectFrom('device_address as a')
        .innerJoin('device as d', 'd.n', 'a.device')
        .select(['a.value', 'd.id'])
        .execute();
      return new Map(rows.map((row) => [row.value, row.id]));
    },
  };

  /** Facts that were concluded, so that they can be asked "why?" like the others. Out: their numbers by key. */
  async function storeConcluded(tx: Kysely<Schema>, devices: readonly Device[]): Promise<ReadonlyMap<string, number>> {
    await removeOrigin(tx, CONCLUDED);
    const sightings = new Map<string, Sighting>();
    for (const device of devices)
      for (const fact of device.facts) if (fact.id === undefined) noteConcluded(fact, sightings);
    const origin = await originOf(tx, { kind: 'rule', name: CONCLUDED, detail: CONCLUDED_DETAIL, made: 0 });
    await storeSightings(db, tx, origin, [...sightings.values()]);
    const rows = await tx
      .selectFrom('sighting as s')
      .innerJoin('fact as f', 'f.id', 's.fact')
      .select(['f.id', 'f.key'])
      .where('s.origin', '=', origin)
      .execute();
    return new Map(rows.map(({ id, key }) => [key, id]));
  }

  async function storeInventory(
    tx: Kysely<Schema>,
    inventory: Inventory,
    traffic: TrafficFacts,
    concluded: ReadonlyMap<string, number>,
  ): Promise<void> {
    const { devices, conversations, operations } = inventory;
    const numbers = new Map(devices.map((device, n) => [device.id, n]));
    const peers = peersOf(conversations);
    await insert(
      tx,
      'device',
      devices.map((device, n) => deviceRow(n, device, peers.get(device.id)?.size ?? 0)),
      DEVICES_PER_STATEMENT,
    );
    await insert(
      tx,
      'device_address',
      devices.flatMap(({ addresses }, device) => addresses.map(({ kind, value }) => ({ device, kind, value }))),
    );
    await insert(
      tx,
      'device_service',
      devices.flatMap(({ facts }, device) =>
        servicesOf(facts).map(({ transport, port, protocol }) => ({
          device,
          transport,
          port,
          protocol: protocol ?? null,
        })),
      ),
    );
    await insert(
      tx,
      'device_fact',
      devices.flatMap((device, n) => factRows(device, n, concluded)),
    );
    await insert(tx, 'device_capture', devices.flatMap(captureRows));
    await insert(
      tx,
      'device_contradiction',
      devices.flatMap(contradictionRows).map((row, n) => ({ n, ...row })),
    );
    const between = ({ from, to }: { readonly from: string; readonly to: string }) => {
      const [from_device, to_device] = [numbers.get(from), numbers.get(to)];
      return from_device === undefined || to_device === undefined ? undefined : { from_device, to_device };
    };
    await insert(
      tx,
      'conversation',
      conversations.flatMap((conversation, id) => {
        const ends = between(conversation);
        return ends
          ? [{ id, ...ends, ...conversationRow(conversation), facts: facts(traffic.ofConversation(conversation)) }]
          : [];
      }),
    );
    await insert(
      tx,
      'operation',
      operations.flatMap((operation, id) => {
        const ends = between(operation);
        return ends ? [{ id, ...ends, ...operationRow(operation), facts: facts(traffic.ofOperation(operation)) }] : [];
      }),
    );
  }

  async function insert(
    tx: Kysely<Schema>,
    name: (typeof DERIVED)[number],
    rows: readonly object[],
    atOnce = ROWS_PER_STATEMENT,
  ): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    const types = columns.map((column) => typeOf(name, column));
    for (let at = 0; at < rows.length; at += atOnce) {
      const some = rows.slice(at, at + atOnce).map((row) => Object.values(row));
      await storeRows(
        db,
        tx,
        some,
        types,
        (given) => sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))})
          select ${sql.join(given.columns)} from ${given.from}`,
      );
    }
  }
}
export type InventoryStore = ReturnType<typeof inventoryStore>;

/** Columns that hold no text; names mean the same in every table. */
const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  ...Object.fromEntries(
    [
      'n',
      'outside',
      'address_count',
      'service_count',
      'parts',
      'peers',
      'exposures',
      'listed',
      'contradictions',
      'imported_fact',
      'met_fact',
      'device',
      'port',
      'fact',
      'from_device',
      'to_device',
      'packets_sent',
      'packets_received',
      'bytes_sent',
      'bytes_received',
      'accepted',
      'count',
    ].map((column) => [column, 'integer' as const]),
  ),
  sureness: 'real',
  first_time: 'real',
  last_time: 'real',
};

/** Devices are named by text; conversations and operations are numbered. */
const typeOf = (name: (typeof DERIVED)[number], column: string): ColumnType =>
  column === 'id' && name !== 'device' ? 'integer' : (COLUMN_TYPES[column] ?? 'text');

function peersOf(conversations: readonly Conversation[]): Map<string, Set<string>> {
  const peers = new Map<string, Set<string>>();
  const note = (a: string, b: string) => {
    const known = peers.get(a);
    if (known) known.add(b);
    else peers.set(a, new Set([b]));
  };
  for (const { from, to } of conversations) {
    if (from === to) continue;
    note(from, to);
    note(to, from);
  }
  return peers;
}

const contentOf = ({ kind, subject, value, said, protocol, source }: DeviceFact): FactContent => ({
  kind,
  subject,
  value: storedValue({ kind, value } as Parameters<typeof storedValue>[0]),
  said,
  protocol,
  source,
});
function noteConcluded(fact: DeviceFact, sightings: Map<string, Sighting>): void {
  const content = contentOf(fact);
  const key = factKey(content);
  const { first, last, count } = fact;
  sightings.set(key, {
    content,
    key,
    first: first > 0 ? first : null,
    last: last > 0 ? last : null,
    count,
    frames: [],
    packetsSent: null,
    packetsReceived: null,
    bytesSent: null,
    bytesReceived: null,
    path: null,
  });
}

function factRows(
  device: Device,
  n: number,
  concluded: ReadonlyMap<string, number>,
): { device: number; part: string; fact: number }[] {
  const rows: { device: number; part: string; fact: number }[] = [];
  // One fact in several captures is told once for each.
  const seen = new Set<string>();
  const add = (part: string, { facts, children }: Pick<DevicePart, 'facts' | 'children'>): void => {
    for (const told of facts) {
      const fact = told.id === undefined ? concluded.get(factKey(contentOf(told))) : Number(told.id);
      const key = `${part} ${fact}`;
      if (fact === undefined || seen.has(key)) continue;
      seen.add(key);
      rows.push({ device: n, part, fact });
    }
    for (const child of children) add(child.id, child);
  };
  add('', device);
  return rows;
}
function captureRows(device: Device, n: number): { device: number; capture: string }[] {
  const captures = new Set<string>();
  const note = ({ facts, children }: Pick<Device, 'facts' | 'children'>): void => {
    for (const { capture } of facts) if (capture) captures.add(capture);
    for (const child of children) note(child);
  };
  note(device);
  return [...captures].map((capture) => ({ device: n, capture }));
}

/** Facts that were concluded have no number here; the others are named by theirs. */
const numberOf = ({ id }: DeviceFact): number | null => (id === undefined ? null : Number(id));
function contradictionRows(device: Device, n: number) {
  return device.contradictions.map(({ kind, imported, met, importedText, metText }) => ({
    device: n,
    kind,
    imported_fact: numberOf(imported),
    met_fact: numberOf(met),
    imported_text: importedText,
    met_text: metText,
    imported_by: imported.protocol,
    met_by: met.protocol,
    met_said: met.said,
    search: searchable(`${labelOf(device)}\n${importedText}\n${metText}`),
  }));
}

const facts = (numbers: readonly number[]): string => JSON.stringify(numbers);

const conversationRow = (conversation: Conversation) => ({
  transport: conversation.transport,
  port: conversation.port,
  protocol: conversation.protocol ?? null,
  packets_sent: conversation.packetsSent,
  packets_received: conversation.packetsReceived,
  bytes_sent: conversation.bytesSent,
  bytes_received: conversation.bytesReceived,
  first_time: conversation.first,
  last_time: conversation.last,
});
const operationRow = (operation: Operation) => ({
  protocol: operation.protocol,
  what: operation.what,
  kind: operation.kind,
  detail: operation.detail ?? null,
  accepted: operation.accepted === undefined ? null : operation.accepted ? 1 : 0,
  count: operation.count,
  frames: JSON.stringify(operation.frames),
  first_time: operation.first,
  last_time: operation.last,
});
