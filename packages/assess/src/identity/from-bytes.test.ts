// From frames to devices: what the engine says of addresses is what identity resolution reads.
import type { Observation } from '@interlock/model';
import { analyse } from '@interlock/wire';
import {
  byteSourceOf,
  type Capture,
  capture,
  type Ends,
  type Frame,
  fromClient,
  fromServer,
  LINK_TYPES,
  link,
  tcp,
  withoutEthernet,
  write,
} from '@interlock/wire/testing';
import { describe, expect, it } from 'vitest';
import { addressesOf, device, deviceWith, inventoryOf } from '../testing/observations.ts';

const PLC = '00:1b:1b:00:00:01';
const PC = '00:1d:09:00:00:02';
const ROUTER = '00:1c:7f:00:00:0f';
const INNER = '00:1c:7f:00:00:1f';

async function inventory(recorded: Capture, bytes = recorded.toPcap()) {
  const observations: Observation[] = [];
  for await (const batch of analyse(byteSourceOf(bytes))) observations.push(...batch.observations);
  return inventoryOf(observations);
}
const devices = async (recorded: Capture) => (await inventory(recorded)).devices.map(addressesOf).sort();

const arpRequest = (mac: string, ip: string, asked: string): Frame =>
  link(
    { from: mac, to: 'ff:ff:ff:ff:ff:ff', type: 0x0806 },
    write().u16(1, 0x0800).u8(6, 4).u16(1).mac(mac).ipv4(ip).zeros(6).ipv4(asked),
  );
/** Read holding registers, and the answer. */
const modbus = (ends: Partial<Ends> = {}) =>
  tcp({ client: '10.0.0.2', server: '10.0.0.1', port: 502, clientMac: PC, serverMac: PLC, clientTtl: 128, ...ends }, [
    fromClient(write().u16(1, 0, 6).u8(1, 3).u16(0, 1)),
    fromServer(write().u16(1, 0, 5).u8(1, 3, 2).u16(7)),
  ]);

describe('frames become devices', () => {
  it('a controller and its client, with their conversation', async () => {
    const found = await inventory(capture('plain', [arpRequest(PC, '10.0.0.2', '10.0.0.1'), modbus()]));
    expect(found.devices.map(addressesOf)).toEqual([device(PLC, '10.0.0.1'), device(PC, '10.0.0.2')]);
    expect(found.conversations).toMatchObject([
      { from: deviceWith(found, PC).id, to: deviceWith(found, PLC).id, port: 502, protocol: 'modbus' },
    ]);
  });

  it('a host that was only asked for by ARP is none', async () => {
    expect(await devices(capture('silent', [arpRequest(PC, '10.0.0.2', '10.0.0.77')]))).toEqual([
      device(PC, '10.0.0.2'),
    ]);
  });

  it('a server on the Internet behind a router', async () => {
    const outside = { server: '104.16.66.50', serverMac: ROUTER, serverTtl: 53, port: 80 };
    const found = await inventory(
      capture('nat', [arpRequest(ROUTER, '10.0.0.254', '10.0.0.2'), modbus(outside), modbus()]),
    );
    expect(found.devices.map(addressesOf)).toEqual([
      device(PLC, '10.0.0.1'),
      device(PC, '10.0.0.2'),
      device(ROUTER, '10.0.0.254'),
      '104.16.66.50',
    ]);
    expect(deviceWith(found, '104.16.66.50')).toMatchObject({ outside: true, level: { value: 'outside' } });
  });

  it('both sides of a router in one capture', async () => {
    const inside = modbus({ client: '10.9.0.2', clientMac: INNER, clientTtl: 127 });
    const outside = modbus({ client: '10.9.0.2', serverMac: ROUTER, serverTtl: 63 });
    expect(await devices(capture('both sides', [inside, outside]))).toEqual([
      device(PLC, '10.0.0.1'),
      device(PC, '10.9.0.2'),
    ]);
  });

  it('two machines built alike in two VLANs', async () => {
    const cell = (vlan: number, end: string) =>
      modbus({ vlan, clientMac: `00:1d:09:00:00:${end}`, serverMac: `00:1b:1b:00:00:${end}` });
    expect(
      await devices(capture('cells', [cell(10, 'a1'), cell(20, 'b1'), cell(10, 'a1'), cell(20, 'b1')])),
    ).toHaveLength(4);
  });

  it('the same frame twice, as a mirror port of two VLANs gives it', async () => {
    const group = modbus();
    const doubled = group.frames.flatMap((frame) => [frame, frame]);
    expect(await devices(capture('mirror', [doubled]))).toEqual([device(PLC, '10.0.0.1'), device(PC, '10.0.0.2')]);
  });

  it('a raw IP link has addresses alone', async () => {
    const raw = capture('raw', [modbus().frames.map(withoutEthernet)], { linkType: LINK_TYPES.raw });
    expect(await devices(raw)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('a loopback capture with all-zero adapters', async () => {
    const zero = '00:00:00:00:00:00';
    const found = await inventory(
      capture('loopback', [modbus({ client: '127.0.0.1', server: '127.0.0.1', clientMac: zero, serverMac: zero })]),
    );
    expect(found.devices.map(addressesOf)).toEqual(['127.0.0.1']);
    expect(found.conversations).toHaveLength(1);
  });

  it('a capture that broke off still gives what was seen', async () => {
    const whole = capture('cut', [modbus()]);
    const bytes = whole.toPcap();
    const found = await inventory(whole, bytes.subarray(0, bytes.length - 30));
    expect(found.devices.map(addressesOf)).toEqual([device(PLC, '10.0.0.1'), device(PC, '10.0.0.2')]);
  });
});
