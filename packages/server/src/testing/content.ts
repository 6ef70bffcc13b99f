// Everything a store holds, in one order and without the numbers that engines hand out: two stores with the same content
// give the same text. What depends on the clock is left out.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { StoreDatabase } from '../store/database.ts';
import { closeDatabase, openDatabase, type StoreAddress } from '../store/open-database.ts';

const QUERIES: Readonly<Record<string, string>> = {
  captures: `select id, name, size, state, demo, problem, unpacked, frames, first_time, last_time, format, link_types, engine,
    observations, troubles from capture order by id`,
  stretches: 'select capture, stretch from stretch order by capture, stretch',
  facts: 'select key, kind, subject, value, said, protocol, source from fact order by key',
  sightings: `select f.key, o.name, s.first_time, s.last_time, s.count, s.frames, s.packets_sent, s.packets_received,
    s.bytes_sent, s.bytes_received from sighting s join fact f on f.id = s.fact join origin o on o.id = s.origin
    order by f.key, o.name`,
  devices: `select id, name, vendor, model, order_number, firmware, hardware_version, serial, os, location, role, level, zone,
    outside, sureness, first_time, last_time, addresses, services, parts, peers, exposures, search, detail
    from device order by id`,
  deviceFacts: `select d.id, x.part, f.key from device_fact x join device d on d.n = x.device join fact f on f.id = x.fact
    order by d.id, x.part, f.key`,
  deviceCaptures: `select d.id, x.capture from device_capture x join device d on d.n = x.device order by d.id, x.capture`,
  conversations: `select a.id as from_id, b.id as to_id, c.transport, c.port, c.protocol, c.packets_sent, c.packets_received,
    c.bytes_sent, c.bytes_received, c.first_time, c.last_time from conversation c join device a on a.n = c.from_device
    join device b on b.n = c.to_device order by a.id, b.id, c.transport, c.port, c.protocol`,
  operations: `select a.id as from_id, b.id as to_id, c.protocol, c.what, c.kind, c.detail, c.accepted, c.count, c.frames
    from operation c join device a on a.n = c.from_device join device b on b.n = c.to_device
    order by a.id, b.id, c.protocol, c.what, c.kind, c.detail, c.accepted`,
};

/** Digest of each kind of content, so that a difference says where it is. */
export async function contentOf(address: StoreAddress): Promise<Record<string, string>> {
  const db = await openDatabase(address, { threads: false, migrate: false });
  try {
    return await digests(db);
  } finally {
    await closeDatabase(db);
  }
}

async function digests(db: StoreDatabase): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const { rows } = await sql.raw<Record<string, unknown>>(query).execute(db.read);
    const hash = createHash('sha256');
    for (const row of rows) hash.update(JSON.stringify(Object.values(row)));
    content[name] = `${rows.length} rows, ${hash.digest('hex').slice(0, 16)}`;
  }
  return content;
}
