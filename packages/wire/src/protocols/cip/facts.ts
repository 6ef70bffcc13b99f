// What CIP objects tell of a device, as facts. Shared by everything that carries CIP.
import type { FactKind, Subject } from '@interlock/model';
import type { Say } from '../../protocol.ts';
import type { Identity } from './identity.ts';
import { DEVICE_STATES, DEVICE_TYPES } from './names.ts';
import type { NetworkSettings } from './objects.ts';
import type { ElectronicKey } from './path.ts';
import { CIP_VENDORS } from './vendors.ts';

export const CIP_TELLS = [
  'device.vendor',
  'device.type',
  'device.product-code',
  'device.firmware',
  'device.serial',
  'device.model',
  'device.plc-name',
  'device.module-name',
  'device.friendly-label',
  'device.description',
  'device.location',
  'device.hostname',
  'cip.vendor-id',
  'cip.device-type-id',
  'cip.state',
  'network.mask',
  'network.router',
  'network.name-server',
  'network.domain',
  'address.announced-ip',
  'address.announced-mac',
] as const satisfies readonly FactKind[];
export type CipFactKind = (typeof CIP_TELLS)[number];

/** Vendors whose classes from 0x64 on are those of Logix: Rockwell Automation under its several identifiers. */
const ROCKWELL = new Set([1, 5, 77, 625, 668]);
export const isRockwell = (vendorId: number): boolean => ROCKWELL.has(vendorId);

const PROGRAMMABLE_CONTROLLER = 0x0e;

/** Says what an Identity object tells. `source` names the message: "ListIdentity". */
export function sayIdentity(say: Say<CipFactKind>, subject: Subject, identity: Identity, source: string): void {
  const { vendorId, deviceType, productCode, major, minor, serial, state } = identity;
  if (vendorId !== undefined && vendorId > 0) {
    say(subject, 'cip.vendor-id', vendorId, source);
    say(subject, 'device.vendor', CIP_VENDORS[vendorId] ?? '', source);
  }
  if (deviceType !== undefined) {
    say(subject, 'cip.device-type-id', deviceType, source);
    say(subject, 'device.type', DEVICE_TYPES[deviceType] ?? '', source);
  }
  if (productCode !== undefined) say(subject, 'device.product-code', String(productCode), source);
  // Revision 0.0 is not allowed (CIP volume 1, 5A-2.2.1.4); a serial number of 0 stands for none.
  if (major !== undefined && minor !== undefined && major + minor > 0)
    say(subject, 'device.firmware', `${major}.${minor}`, source);
  if (serial !== undefined && serial > 0)
    say(subject, 'device.serial', `0x${serial.toString(16).padStart(8, '0')}`, source);
  if (identity.productName) say(subject, 'device.model', identity.productName, source);
  if (identity.assignedName) say(subject, 'device.friendly-label', identity.assignedName, source);
  if (identity.assignedDescription) say(subject, 'device.description', identity.assignedDescription, source);
  if (identity.location) say(subject, 'device.location', identity.location, source);
  const known = state === undefined ? controllerState(identity) : DEVICE_STATES[state];
  if (known) say(subject, 'cip.state', known, source);
}

/**
 * Mode and key switch of a Logix controller out of its status word: the extended device status says run or program in
 * bits 4 to 7, the vendor's bits 12 and 13 say where the key stands (Rockwell publication 1756-RM094, identity object).
 */
function controllerState(identity: Identity): string | undefined {
  const { vendorId, deviceType, status } = identity;
  if (status === undefined || vendorId !== 1 || deviceType !== PROGRAMMABLE_CONTROLLER) return undefined;
  const mode = (status >> 4) & 0xf;
  const key = (status >> 12) & 0x3;
  const name = mode === 6 ? 'run' : mode === 7 ? 'program' : undefined;
  if (!name) return undefined;
  if (key === 3) return `remote ${name}`;
  // A key turned to run or program forces that mode.
  return key === 1 && name === 'run' ? 'run' : key === 2 && name === 'program' ? 'program' : undefined;
}

/**
 * Says what a target confirmed by accepting a connection that asked for just this identity. Where it may stand in for
 * other devices, only maker and kind are sure.
 */
export function sayAcceptedKey(say: Say<CipFactKind>, subject: Subject, key: ElectronicKey, source: string): void {
  const { vendorId, deviceType, productCode, major, minor } = key;
  const identity: Identity = {};
  if (vendorId > 0) identity.vendorId = vendorId;
  if (deviceType > 0) identity.deviceType = deviceType;
  if (!key.compatible && productCode > 0) identity.productCode = productCode;
  if (!key.compatible && major > 0 && minor > 0) {
    identity.major = major;
    identity.minor = minor;
  }
  sayIdentity(say, subject, identity, source);
}

/** Says the addresses and names of a device's network interface. */
export function sayNetwork(say: Say<CipFactKind>, subject: Subject, network: NetworkSettings, source: string): void {
  if (network.ip) say(subject, 'address.announced-ip', network.ip, source);
  if (network.mask) say(subject, 'network.mask', network.mask, source);
  if (network.gateway) say(subject, 'network.router', network.gateway, source);
  for (const nameServer of network.nameServers ?? []) say(subject, 'network.name-server', nameServer, source);
  if (network.domain) say(subject, 'network.domain', network.domain, source);
  if (network.hostName) say(subject, 'device.hostname', network.hostName, source);
  if (network.mac) say(subject, 'address.announced-mac', network.mac, source);
}
