// BACnet's application layer: which service a message asks for or answers (ASHRAE 135, clause 20.1), and of the services
// that tell something, what they carry. Answers name the object they are about, so they are read without their request.
import type { Reader } from '../../reader.ts';
import {
  ADD_LIST_ELEMENT,
  ATOMIC_READ_FILE,
  ATOMIC_WRITE_FILE,
  CONFIRMED_COV_NOTIFICATION,
  CONFIRMED_COV_NOTIFICATION_MULTIPLE,
  COV_NOTIFICATION,
  COV_NOTIFICATION_MULTIPLE,
  CREATE_OBJECT,
  DELETE_OBJECT,
  DEVICE,
  DEVICE_COMMUNICATION_CONTROL,
  I_AM,
  I_HAVE,
  NETWORK_PORT,
  OBJECT_NAME,
  READ_PROPERTY,
  READ_PROPERTY_MULTIPLE,
  REINITIALIZE_DEVICE,
  REMOVE_LIST_ELEMENT,
  SUBSCRIBE_COV,
  WHO_AM_I,
  WRITE_PROPERTY,
  WRITE_PROPERTY_MULTIPLE,
  YOU_ARE,
} from './services.ts';
import {
  ENUMERATED,
  newTag,
  nextClosing,
  nextContext,
  nextOpening,
  OBJECT,
  objectInstance,
  objectType,
  readTag,
  readUnsigned,
  readValue,
  skipConstructed,
  type Tag,
  TEXT,
  UNSIGNED,
  type Value,
} from './tags.ts';

export const CONFIRMED_REQUEST = 0;
export const UNCONFIRMED_REQUEST = 1;
export const SIMPLE_ACK = 2;
export const COMPLEX_ACK = 3;
export const SEGMENT_ACK = 4;
export const ERROR = 5;
export const REJECT = 6;
export const ABORT = 7;

export interface ApplicationHeader {
  /** Type of the message, one of the above. */
  readonly type: number;
  /** -1 where the message has none. */
  readonly invoke: number;
  readonly service: number;
  readonly isSegmented: boolean;
  readonly moreFollows: boolean;
  readonly sequence: number;
}

/** Reads the fixed part of a message; undefined where it is none. The reader stands on the service's data then. */
export function readApplicationHeader(reader: Reader): ApplicationHeader | undefined {
  const first = reader.u8();
  const type = first >> 4;
  const canSegment = type === CONFIRMED_REQUEST || type === COMPLEX_ACK;
  const isSegmented = canSegment && (first & 0x08) !== 0;
  const moreFollows = isSegmented && (first & 0x04) !== 0;
  if (type === CONFIRMED_REQUEST) reader.skip(1);
  const invoke = type === UNCONFIRMED_REQUEST ? -1 : reader.u8();
  const sequence = isSegmented ? reader.u8() : 0;
  if (isSegmented) reader.skip(1);
  const hasService = type <= COMPLEX_ACK || type === ERROR;
  const service = hasService ? reader.u8() : -1;
  return reader.ok && type <= ABORT ? { type, invoke, service, isSegmented, moreFollows, sequence } : undefined;
}

/** A property of an object as an answer gives it. */
export interface Property {
  readonly objectType: number;
  readonly instance: number;
  readonly property: number;
  readonly value: Value;
}
export interface Announcement {
  readonly instance: number;
  readonly segmentation: number;
  readonly vendorId: number;
}
/** What Who-Am-I and You-Are carry: a device that has no instance number yet, by its maker's marks. */
export interface Introduction {
  readonly vendorId: number;
  readonly model: string;
  readonly serial: string;
}

export interface Contents {
  readonly properties?: readonly Property[];
  readonly announcement?: Announcement;
  readonly introduction?: Introduction;
  /** Objects that a request changes, and the first property of each; -1 where it names none. */
  readonly touched?: readonly { readonly objectType: number; readonly instance: number; readonly property: number }[];
  /** State asked for by services that switch a device. */
  readonly wanted?: number;
  readonly hasPassword?: boolean;
}

const NOTHING: Contents = {};
/** Properties kept of one answer, and objects of one write. */
const MAX_PROPERTIES = 512;
const MAX_TOUCHED = 16;

export function readUnconfirmed(reader: Reader, service: number): Contents {
  switch (service) {
    case I_AM: {
      const [device, , segmentation, vendor] = [
        readPlain(reader),
        readPlain(reader),
        readPlain(reader),
        readPlain(reader),
      ];
      if (device?.type !== OBJECT || objectType(device.number) !== DEVICE) return NOTHING;
      return {
        announcement: {
          instance: objectInstance(device.number),
          segmentation: segmentation?.type === ENUMERATED ? segmentation.number : -1,
          vendorId: vendor?.type === UNSIGNED ? vendor.number : -1,
        },
      };
    }
    case I_HAVE: {
      const [device, object, name] = [readPlain(reader), readPlain(reader), readPlain(reader)];
      if (device?.type !== OBJECT || object?.type !== OBJECT || name?.type !== TEXT) return NOTHING;
      if (objectType(device.number) !== DEVICE) return NOTHING;
      return {
        announcement: { instance: objectInstance(device.number), segmentation: -1, vendorId: -1 },
        properties: [propertyOf(object.number, OBJECT_NAME, name)],
      };
    }
    case COV_NOTIFICATION:
    case COV_NOTIFICATION_MULTIPLE:
      return readInitiator(reader);
    case WHO_AM_I:
    case YOU_ARE: {
      const [vendor, model, serial] = [readPlain(reader), readPlain(reader), readPlain(reader)];
      if (vendor?.type !== UNSIGNED || model?.type !== TEXT || serial?.type !== TEXT) return NOTHING;
      return { introduction: { vendorId: vendor.number, model: model.text, serial: serial.text } };
    }
    default:
      return NOTHING;
  }
}

/**
 * [0] process, [1] the device that reports (13.6). Other notifications may be passed on by a device that they are not of.
 */
function readInitiator(reader: Reader): Contents {
  const tag = newTag();
  if (!nextContext(reader, tag, 0)) return NOTHING;
  reader.skip(tag.length);
  if (!nextContext(reader, tag, 1)) return NOTHING;
  const device = readUnsigned(reader, tag.length);
  if (!reader.ok || objectType(device) !== DEVICE) return NOTHING;
  return { announcement: { instance: objectInstance(device), segmentation: -1, vendorId: -1 } };
}

/** The next value where it has an application tag. */
function readPlain(reader: Reader): Value | undefined {
  const tag = newTag();
  if (!readTag(reader, tag) || tag.isContext) return undefined;
  const value = readValue(reader, tag);
  return reader.ok ? value : undefined;
}

const propertyOf = (object: number, property: number, value: Value): Property => ({
  objectType: objectType(object),
  instance: objectInstance(object),
  property,
  value,
});

export function readAcknowledgement(reader: Reader, service: number): Contents {
  if (service === READ_PROPERTY) return readPropertyAnswer(reader);
  if (service === READ_PROPERTY_MULTIPLE) return readMultipleAnswer(reader);
  return NOTHING;
}

/** Objects whose properties are facts; of the others only names are. */
const isTelling = (object: number, property: number): boolean => {
  const type = objectType(object);
  return type === DEVICE || type === NETWORK_PORT || property === OBJECT_NAME;
};

/** [0] object, [1] property, [2] index of an array, [3] values (15.5). */
function readPropertyAnswer(reader: Reader): Contents {
  const tag = newTag();
  if (!nextContext(reader, tag, 0)) return NOTHING;
  const object = readUnsigned(reader, tag.length);
  if (!nextContext(reader, tag, 1)) return NOTHING;
  const property = readUnsigned(reader, tag.length);
  if (nextContext(reader, tag, 2)) reader.skip(tag.length);
  if (!isTelling(object, property) || !nextOpening(reader, tag, 3)) return NOTHING;
  const value = readPlain(reader);
  return value ? { properties: [propertyOf(object, property, value)] } : NOTHING;
}

/** Per object: [0] object, [1] list of [2] property, [3] index, [4] values or [5] error (15.7). */
function readMultipleAnswer(reader: Reader): Contents {
  const tag = newTag();
  const properties: Property[] = [];
  while (reader.left > 0 && nextContext(reader, tag, 0)) {
    const object = readUnsigned(reader, tag.length);
    if (!nextOpening(reader, tag, 1)) break;
    while (nextContext(reader, tag, 2)) {
      const property = readUnsigned(reader, tag.length);
      if (nextContext(reader, tag, 3)) reader.skip(tag.length);
      if (nextOpening(reader, tag, 4)) {
        if (!readResult(reader, tag, object, property, properties)) break;
      } else if (!nextOpening(reader, tag, 5) || !skipConstructed(reader, tag)) break;
    }
    if (!nextClosing(reader, tag, 1)) break;
  }
  return properties.length > 0 ? { properties } : NOTHING;
}

/** The first value of a property, where it is one of those that tell something; then on to the end of it. */
function readResult(reader: Reader, tag: Tag, object: number, property: number, into: Property[]): boolean {
  if (
    isTelling(object, property) &&
    into.length < MAX_PROPERTIES &&
    reader.peek() >= 0 &&
    (reader.peek() & 0x08) === 0
  ) {
    const value = readPlain(reader);
    if (!value) return false;
    into.push(propertyOf(object, property, value));
  }
  return skipConstructed(reader, tag);
}

export function readConfirmedRequest(reader: Reader, service: number): Contents {
  const tag = newTag();
  switch (service) {
    case CONFIRMED_COV_NOTIFICATION:
    case CONFIRMED_COV_NOTIFICATION_MULTIPLE:
      return readInitiator(reader);
    case WRITE_PROPERTY:
    case ADD_LIST_ELEMENT:
    case REMOVE_LIST_ELEMENT: {
      if (!nextContext(reader, tag, 0)) return NOTHING;
      const object = readUnsigned(reader, tag.length);
      const property = nextContext(reader, tag, 1) ? readUnsigned(reader, tag.length) : -1;
      return touchedOnly(object, property);
    }
    case WRITE_PROPERTY_MULTIPLE:
      return readWrites(reader, tag);
    case SUBSCRIBE_COV:
      if (nextContext(reader, tag, 0)) reader.skip(tag.length);
      return nextContext(reader, tag, 1) ? touchedOnly(readUnsigned(reader, tag.length), -1) : NOTHING;
    case ATOMIC_READ_FILE:
    case ATOMIC_WRITE_FILE:
    case DELETE_OBJECT: {
      const object = readPlain(reader);
      return object?.type === OBJECT ? touchedOnly(object.number, -1) : NOTHING;
    }
    case CREATE_OBJECT:
      // [0] choice of type ([0]) or identifier ([1]).
      if (!nextOpening(reader, tag, 0) || !nextContext(reader, tag, 1)) return NOTHING;
      return touchedOnly(readUnsigned(reader, tag.length), -1);
    case REINITIALIZE_DEVICE:
    case DEVICE_COMMUNICATION_CONTROL: {
      const wanted = readWantedState(reader, service, tag);
      return { wanted, hasPassword: hasText(reader, tag, service === REINITIALIZE_DEVICE ? 1 : 2) };
    }
    default:
      return NOTHING;
  }
}

/** The state that a device shall go to: [0] of reinitializing, [1] behind a duration of switching communication (16.1, 16.4). */
function readWantedState(reader: Reader, service: number, tag: Tag): number {
  const isReinitialize = service === REINITIALIZE_DEVICE;
  if (!isReinitialize && nextContext(reader, tag, 0)) reader.skip(tag.length);
  return nextContext(reader, tag, isReinitialize ? 0 : 1) ? readUnsigned(reader, tag.length) : -1;
}

/** Whether a request may carry a password, which then stands behind the state; the reader goes there. */
export function goToPassword(reader: Reader, { type, service, isSegmented }: ApplicationHeader): boolean {
  if (type !== CONFIRMED_REQUEST || (service !== REINITIALIZE_DEVICE && service !== DEVICE_COMMUNICATION_CONTROL))
    return false;
  // Of a segment it is not known what it starts with.
  if (!isSegmented) readWantedState(reader, service, newTag());
  return reader.ok;
}

const touchedOnly = (object: number, property: number): Contents => ({
  touched: [{ objectType: objectType(object), instance: objectInstance(object), property }],
});

/** Whether context tag `number` follows with a text that is not empty: its first octet is the character set. */
const hasText = (reader: Reader, tag: Tag, number: number): boolean =>
  nextContext(reader, tag, number) && tag.length > 1 && reader.left >= tag.length;

/** Per object: [0] object, [1] list of [0] property, [1] index, [2] value, [3] priority (15.10). */
function readWrites(reader: Reader, tag: Tag): Contents {
  const touched: { objectType: number; instance: number; property: number }[] = [];
  while (touched.length < MAX_TOUCHED && reader.left > 0 && nextContext(reader, tag, 0)) {
    const object = readUnsigned(reader, tag.length);
    if (!nextOpening(reader, tag, 1)) break;
    const property = nextContext(reader, tag, 0) ? readUnsigned(reader, tag.length) : -1;
    touched.push({ objectType: objectType(object), instance: objectInstance(object), property });
    if (!skipConstructed(reader, tag)) break;
  }
  return touched.length > 0 ? { touched } : NOTHING;
}
