// BACnet's services (ASHRAE 135, clauses 13 to 17) as operations, and the objects and properties they name.
import type { OperationKind } from '@interlock/model';

export interface BacnetService {
  readonly what: string;
  readonly kind: OperationKind;
}
const is = (what: string, kind: OperationKind): BacnetService => ({ what, kind });

export const CONFIRMED_COV_NOTIFICATION = 1;
export const CONFIRMED_COV_NOTIFICATION_MULTIPLE = 31;
export const READ_PROPERTY = 12;
export const READ_PROPERTY_MULTIPLE = 14;
export const WRITE_PROPERTY = 15;
export const WRITE_PROPERTY_MULTIPLE = 16;
export const DEVICE_COMMUNICATION_CONTROL = 17;
export const REINITIALIZE_DEVICE = 20;
export const CREATE_OBJECT = 10;
export const DELETE_OBJECT = 11;
export const ATOMIC_READ_FILE = 6;
export const ATOMIC_WRITE_FILE = 7;
export const ADD_LIST_ELEMENT = 8;
export const REMOVE_LIST_ELEMENT = 9;
export const SUBSCRIBE_COV = 5;

/** Confirmed services by their choice number, but for notifications: they report to the receiver and ask nothing of it. */
export const CONFIRMED: Readonly<Record<number, BacnetService>> = {
  0: is('acknowledgeAlarm', 'write'),
  3: is('getAlarmSummary', 'diagnostic'),
  4: is('getEnrollmentSummary', 'diagnostic'),
  5: is('subscribeCOV', 'session'),
  6: is('atomicReadFile', 'file'),
  7: is('atomicWriteFile', 'file'),
  8: is('addListElement', 'configure'),
  9: is('removeListElement', 'configure'),
  10: is('createObject', 'configure'),
  11: is('deleteObject', 'configure'),
  12: is('readProperty', 'read'),
  13: is('readPropertyConditional', 'read'),
  14: is('readPropertyMultiple', 'read'),
  15: is('writeProperty', 'write'),
  16: is('writePropertyMultiple', 'write'),
  17: is('deviceCommunicationControl', 'mode'),
  18: is('confirmedPrivateTransfer', 'configure'),
  19: is('confirmedTextMessage', 'write'),
  20: is('reinitializeDevice', 'mode'),
  21: is('vtOpen', 'session'),
  22: is('vtClose', 'session'),
  23: is('vtData', 'session'),
  24: is('authenticate', 'authentication'),
  25: is('requestKey', 'authentication'),
  26: is('readRange', 'read'),
  27: is('lifeSafetyOperation', 'write'),
  28: is('subscribeCOVProperty', 'session'),
  29: is('getEventInformation', 'diagnostic'),
  30: is('subscribeCOVPropertyMultiple', 'session'),
  33: is('auditLogQuery', 'diagnostic'),
  34: is('authRequest', 'authentication'),
};

export const I_AM = 0;
export const I_HAVE = 1;
export const COV_NOTIFICATION = 2;
export const COV_NOTIFICATION_MULTIPLE = 11;
export const WHO_AM_I = 13;
export const YOU_ARE = 14;

/** Confirmed notifications of values, events and audits. */
export const NOTIFICATIONS: ReadonlySet<number> = new Set([1, 2, 31, 32]);

/** Unconfirmed services that do something to a device; announcements and questions to all are no operations. */
export const UNCONFIRMED: Readonly<Record<number, BacnetService>> = {
  4: is('unconfirmedPrivateTransfer', 'configure'),
  5: is('unconfirmedTextMessage', 'write'),
  6: is('timeSynchronization', 'configure'),
  8: is('who-Is', 'diagnostic'),
  9: is('utcTimeSynchronization', 'configure'),
  10: is('writeGroup', 'write'),
  14: is('you-Are', 'configure'),
};

/** Ways of REINITIALIZE_DEVICE (16.4) and of DEVICE_COMMUNICATION_CONTROL (16.1). */
export const REINITIALIZE_STATES: Readonly<Record<number, string>> = {
  0: 'coldstart',
  1: 'warmstart',
  2: 'start backup',
  3: 'end backup',
  4: 'start restore',
  5: 'end restore',
  6: 'abort restore',
  7: 'activate changes',
};
export const COMMUNICATION_STATES: Readonly<Record<number, string>> = {
  0: 'enable',
  1: 'disable',
  2: 'disable initiation',
};

export const SEGMENTATION: Readonly<Record<number, string>> = {
  0: 'segmented-both',
  1: 'segmented-transmit',
  2: 'segmented-receive',
  3: 'no-segmentation',
};
/** Property system-status of a device. */
export const SYSTEM_STATUS: Readonly<Record<number, string>> = {
  0: 'operational',
  1: 'operational-read-only',
  2: 'download-required',
  3: 'download-in-progress',
  4: 'non-operational',
  5: 'backup-in-progress',
};

export const DEVICE = 8;
export const NETWORK_PORT = 56;

const OBJECT_TYPES: readonly string[] = [
  'analog-input',
  'analog-output',
  'analog-value',
  'binary-input',
  'binary-output',
  'binary-value',
  'calendar',
  'command',
  'device',
  'event-enrollment',
  'file',
  'group',
  'loop',
  'multi-state-input',
  'multi-state-output',
  'notification-class',
  'program',
  'schedule',
  'averaging',
  'multi-state-value',
  'trend-log',
  'life-safety-point',
  'life-safety-zone',
  'accumulator',
  'pulse-converter',
  'event-log',
  'global-group',
  'trend-log-multiple',
  'load-control',
  'structured-view',
  'access-door',
  'timer',
  'access-credential',
  'access-point',
  'access-rights',
  'access-user',
  'access-zone',
  'credential-data-input',
  'network-security',
  'bitstring-value',
  'characterstring-value',
  'date-pattern-value',
  'date-value',
  'datetime-pattern-value',
  'datetime-value',
  'integer-value',
  'large-analog-value',
  'octetstring-value',
  'positive-integer-value',
  'time-pattern-value',
  'time-value',
  'notification-forwarder',
  'alert-enrollment',
  'channel',
  'lighting-output',
  'binary-lighting-output',
  'network-port',
  'elevator-group',
  'escalator',
  'lift',
  'staging',
  'audit-log',
  'audit-reporter',
  'color',
  'color-temperature',
];

/** `analog-value 3`; types of a vendor's own keep their number. */
export const objectName = (type: number, instance: number): string =>
  `${OBJECT_TYPES[type] ?? `object type ${type}`} ${instance}`;

export const OBJECT_NAME = 77;
const PRESENT_VALUE = 85;

/** Properties that are written: values first, then what is set up. */
const PROPERTIES: Readonly<Record<number, string>> = {
  17: 'notification-class',
  22: 'cov-increment',
  28: 'description',
  32: 'effective-period',
  35: 'event-enable',
  38: 'exception-schedule',
  45: 'high-limit',
  52: 'limit-enable',
  58: 'location',
  59: 'low-limit',
  65: 'max-pres-value',
  69: 'min-pres-value',
  70: 'model-name',
  75: 'object-identifier',
  77: 'object-name',
  81: 'out-of-service',
  85: 'present-value',
  87: 'priority-array',
  102: 'recipient-list',
  104: 'relinquish-default',
  108: 'setpoint',
  112: 'system-status',
  113: 'time-delay',
  116: 'time-synchronization-recipients',
  117: 'units',
  119: 'utc-offset',
  123: 'weekly-schedule',
  130: 'event-time-stamps',
  133: 'log-enable',
  152: 'active-cov-subscriptions',
  174: 'schedule-default',
  202: 'restart-notification-recipients',
  400: 'ip-address',
  401: 'ip-default-gateway',
  411: 'ip-subnet-mask',
  412: 'bacnet-ip-udp-port',
  414: 'bbmd-broadcast-distribution-table',
  417: 'command',
  425: 'network-number',
};
export const propertyName = (property: number): string => PROPERTIES[property] ?? `property ${property}`;

/** Writing a value moves something; writing anything else sets the device up. */
export const isProcessProperty = (property: number): boolean => property === PRESENT_VALUE || property === 87;
