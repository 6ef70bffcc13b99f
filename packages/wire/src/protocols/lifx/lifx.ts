// LIFX lamps: a small binary protocol by which programs on the network find lamps, read what they are and switch them.
import type { OperationKind } from '@interlock/model';
import { isGivenName } from '../../names.ts';
import { protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Lifx {
  readonly type: number;
  readonly target: string;
  readonly label: string;
  readonly firmware: string;
  readonly product: number;
}

/** Frame, address and protocol header (LIFX LAN protocol, "Packet contents"). */
const HEADER = 36;

/** Size of the whole, then the number of the protocol with a flag that is always set. */
const isLifx = (reader: Reader): boolean => {
  const size = reader.peek() + reader.peek(1) * 256;
  return size === reader.left && size >= HEADER && (reader.peek16(2) & 0xffdf) === 0x0014;
};

export const lifx = protocol({
  name: 'lifx',
  title: 'LIFX LAN protocol',
  spec: 'LIFX LAN protocol documents',
  depth: 'functions',
  on: { udp: [56700] },
  tells: [
    'device.vendor',
    'device.product-code',
    'device.firmware',
    'device.friendly-label',
    'address.announced-mac',
    'operation',
  ],

  recognise: isLifx,

  read(reader): Lifx | undefined {
    if (!isLifx(reader)) return undefined;
    reader.skip(8);
    const target = reader.mac();
    reader.skip(18);
    const type = reader.u16le();
    reader.skip(2);
    const told = { type, target: statedMac(target), label: '', firmware: '', product: 0 };
    switch (type) {
      case STATE_FIRMWARE: {
        reader.skip(16);
        const minor = reader.u16le();
        const major = reader.u16le();
        return { ...told, firmware: reader.ok ? `${major}.${minor}` : '' };
      }
      case STATE_LABEL:
        return { ...told, label: cleanText(reader.text(Math.min(32, reader.left), 'utf8')) };
      case STATE_VERSION: {
        const vendor = reader.u32le();
        const product = reader.u32le();
        return { ...told, product: vendor === 1 ? product : 0 };
      }
      case LIGHT_STATE:
        reader.skip(12);
        return { ...told, label: reader.ok ? cleanText(reader.text(Math.min(32, reader.left), 'utf8')) : '' };
      default:
        return told;
    }
  },

  observe({ type, target, label, firmware, product }, say, { sender, receiver, toGroup }) {
    if (STATES.has(type)) {
      say.fact(sender, 'device.vendor', 'LIFX', 'state message');
      say.fact(sender, 'address.announced-mac', target, 'state message, target');
      if (isGivenName(label)) say.fact(sender, 'device.friendly-label', label, 'state of the label');
      say.fact(sender, 'device.firmware', firmware, 'state of the firmware');
      if (product > 0) say.fact(sender, 'device.product-code', String(product), 'state of the version');
      return;
    }
    const operation = OPERATIONS[type];
    if (operation && !toGroup) say.operation(operation[0], operation[1], { from: sender, to: receiver });
  },
});

const STATE_FIRMWARE = 15;
const STATE_LABEL = 25;
const STATE_VERSION = 33;
const LIGHT_STATE = 107;
/** What only lamps send. */
const STATES = new Set([3, 13, STATE_FIRMWARE, 17, 19, 22, STATE_LABEL, STATE_VERSION, 35, 50, 53, LIGHT_STATE, 118]);
const OPERATIONS: Readonly<Record<number, readonly [string, OperationKind]>> = {
  14: ['read the firmware version', 'diagnostic'],
  21: ['set power', 'write'],
  23: ['read the label', 'diagnostic'],
  24: ['set the label', 'configure'],
  32: ['read the version', 'diagnostic'],
  38: ['reboot', 'mode'],
  49: ['set the location', 'configure'],
  101: ['read the light', 'read'],
  102: ['set the colour', 'write'],
  103: ['set the waveform', 'write'],
  117: ['set power', 'write'],
};
