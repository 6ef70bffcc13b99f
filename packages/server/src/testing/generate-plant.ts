// A plant made up by rule: as many devices as asked for, with the facts, services, conversations and operations that
// captures of real ones show. The same seed gives the same plant; tests and benchmarks of store and console live on it.
import type { FactKind, FactValue, Observation, ObservationBatch, OperationKind, Subject } from '@interlock/model';
import { subjectKey } from '@interlock/model';

export interface PlantOptions {
  readonly devices: number;
  readonly seed?: number;
  /** Observations per batch. */
  readonly batch?: number;
  /** SHA-256 the provenance names. */
  readonly capture?: string;
  /** When the traffic begins, milliseconds since 1970. */
  readonly start?: number;
}

interface Kind {
  readonly share: number;
  readonly name: string;
  readonly vendor: string;
  readonly models: readonly string[];
  readonly oui: string;
  readonly firmware: string;
  readonly services: readonly (readonly ['tcp' | 'udp', number, string])[];
  readonly protocol: string;
  readonly source: string;
  readonly slots?: number;
  readonly exposure?: string;
}
const KINDS: readonly Kind[] = [
  {
    share: 22,
    name: 'plc',
    vendor: 'Siemens AG',
    models: ['CPU 1516-3 PN/DP', 'CPU 1212C', 'CPU 315-2 PN/DP'],
    oui: '00:1b:1b',
    firmware: 'V2.9',
    services: [
      ['tcp', 102, 's7comm'],
      ['tcp', 80, 'http'],
    ],
    protocol: 's7comm',
    source: 'SZL 0x001C',
  },
  {
    share: 14,
    name: 'logix',
    vendor: 'Rockwell Automation/Allen-Bradley',
    models: ['1756-EN2T/D', '1769-L33ER'],
    oui: '00:00:bc',
    firmware: '10.010',
    services: [['tcp', 44818, 'enip']],
    protocol: 'enip',
    source: 'Identity',
    slots: 6,
  },
  {
    share: 22,
    name: 'drive',
    vendor: 'Schneider Electric',
    models: ['ATV630', 'ATV340', 'ATV71'],
    oui: '00:80:f4',
    firmware: 'V1.6IE12',
    services: [['tcp', 502, 'modbus']],
    protocol: 'modbus',
    source: 'read device identification',
  },
  {
    share: 10,
    name: 'hvac',
    vendor: 'Automated Logic Corporation',
    models: ['LGR25', 'ME812u'],
    oui: '00:e0:c9',
    firmware: '6.00a',
    services: [['udp', 47808, 'bacnet']],
    protocol: 'bacnet',
    source: 'I-Am',
  },
  {
    share: 12,
    name: 'cam',
    vendor: 'Axis Communications AB',
    models: ['AXIS P1448-LE', 'AXIS M3045'],
    oui: '00:40:8c',
    firmware: '9.80.3',
    services: [
      ['tcp', 80, 'http'],
      ['tcp', 554, 'rtsp'],
    ],
    protocol: 'http',
    source: 'Server',
    exposure: 'HTTP basic password',
  },
  {
    share: 8,
    name: 'printer',
    vendor: 'Zebra Technologies',
    models: ['ZT411', 'ZD621'],
    oui: '00:07:4d',
    firmware: 'V92.21.26Z',
    services: [
      ['tcp', 9100, 'jetdirect'],
      ['udp', 161, 'snmp'],
    ],
    protocol: 'snmp',
    source: 'sysDescr',
    exposure: 'SNMP community',
  },
  {
    share: 8,
    name: 'pc',
    vendor: 'Dell Inc.',
    models: ['OptiPlex 7090'],
    oui: '00:14:22',
    firmware: '10.0.19045',
    services: [
      ['tcp', 445, 'smb'],
      ['tcp', 3389, ''],
    ],
    protocol: 'smb',
    source: 'session setup',
  },
  {
    share: 4,
    name: 'switch',
    vendor: 'Hirschmann Automation and Control GmbH',
    models: ['RS20-0800', 'MACH104'],
    oui: '00:80:63',
    firmware: '09.1.00',
    services: [
      ['udp', 161, 'snmp'],
      ['tcp', 22, 'ssh'],
    ],
    protocol: 'lldp',
    source: 'system description',
  },
];
const WHATS: readonly (readonly [string, OperationKind])[] = [
  ['read variables', 'read'],
  ['write variable', 'write'],
  ['read diagnostics', 'diagnostic'],
  ['download block', 'logic'],
  ['stop', 'mode'],
];
const START = Date.UTC(2026, 0, 5, 6);
const HOUR = 3_600_000;
/** Devices of one subnet. */
const SUBNET = 200;

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** In: how many devices, seed. Out: stretches of observations, the last one marked. */
export function* generatePlant(options: PlantOptions): Generator<ObservationBatch> {
  const { devices, seed = 1, batch = 5_000 } = options;
  const plant = new Plant(seed, options.start ?? START, options.capture);
  let stretch = 0;
  let waiting: Observation[] = [];
  const take = (end: boolean): ObservationBatch => {
    const observations = waiting;
    waiting = [];
    const at = stretch++;
    return { stretch: at, firstFrame: at * batch + 1, lastFrame: (at + 1) * batch, observations, end };
  };
  for (let n = 0; n < devices; n++) {
    waiting.push(...plant.device(n));
    if (waiting.length >= batch && n < devices - 1) yield take(false);
  }
  yield take(true);
}

const hex = (n: number): string => n.toString(16).padStart(2, '0');

class Plant {
  readonly #random: () => number;
  readonly #start: number;
  readonly #capture: string | undefined;
  readonly #kinds: readonly Kind[];
  #frame = 1;

  constructor(seed: number, start: number, capture: string | undefined) {
    this.#random = seededRandom(seed);
    this.#start = start;
    this.#capture = capture;
    this.#kinds = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  }

  #subject(n: number): Subject {
    const { oui } = this.#kindOf(n);
    const ip = `10.${20 + (Math.floor(n / SUBNET / 256) % 200)}.${Math.floor(n / SUBNET) % 256}.${(n % SUBNET) + 10}`;
    return { ip, mac: `${oui}:${hex((n >> 16) & 255)}:${hex((n >> 8) & 255)}:${hex(n & 255)}` };
  }
  #kindOf(n: number): Kind {
    return this.#kinds[(n * 37 + Math.floor(n / 100)) % this.#kinds.length] as Kind;
  }

  /** Everything that is told of one device. */
  device(n: number): Observation[] {
    const kind = this.#kindOf(n);
    const subject = this.#subject(n);
    const said: Observation[] = [];
    const tell = <K extends FactKind>(
      about: Subject,
      fact: K,
      value: FactValue<K>,
      protocol = kind.protocol,
      source = kind.source,
      count = 1 + Math.floor(this.#random() * 40),
    ): void => {
      const first = this.#start + Math.floor(this.#random() * HOUR);
      const frame = this.#frame++;
      said.push({
        kind: fact,
        subject: about,
        value,
        said: 'seen',
        first,
        last: first + Math.floor(this.#random() * HOUR),
        count,
        provenance: {
          from: 'capture',
          ...(this.#capture === undefined ? {} : { capture: this.#capture }),
          protocol,
          source,
          frames: count > 1 ? [frame, frame + 7] : [frame],
        },
      } as Observation);
    };
    const model = kind.models[n % kind.models.length] ?? '';
    tell(subject, 'address.seen', true, 'ip', 'frame');
    tell(subject, 'network.ttl', 64, 'ip', 'time to live');
    tell({ mac: subject.mac ?? '' }, 'address.claimed-ip', subject.ip ?? '', 'arp', 'sender');
    tell(subject, 'device.vendor', kind.vendor);
    tell(subject, 'device.model', model);
    tell(subject, 'device.firmware', `${kind.firmware}.${n % 7}`);
    if (n % 10 < 7) tell(subject, 'device.serial', `S C-${kind.name.toUpperCase()}${100_000 + n}`);
    if (n % 10 < 8) tell(subject, 'device.hostname', `${kind.name}-${Math.floor(n / SUBNET) + 1}-${n}`);
    if (n % 50 === 0) tell(subject, 'network.mask', '255.255.255.0', 'dhcp', 'option 1');
    for (const [transport, port, protocol] of kind.services)
      tell(
        subject,
        'service.offered',
        { transport, port, ...(protocol ? { protocol } : {}) },
        protocol || transport,
        'answer',
      );
    for (let slot = 0; slot < (kind.slots ?? 0); slot++) {
      const part = { ...subject, part: `cip:1/${slot}` };
      tell(part, 'device.model', slot === 0 ? '1756-L81E/B' : `1756-IB${16 + slot}`);
      tell(part, 'device.serial', (0x60000000 + n * 16 + slot).toString(16));
    }
    if (kind.exposure && n % 3 === 0)
      tell(subject, 'credential.cleartext', { account: 'admin', what: kind.exposure }, kind.protocol, 'authorization');
    if (n % 97 === 0)
      tell(subject, 'traffic.malformed', { code: `${kind.protocol}.cut-off` }, kind.protocol, 'message');
    this.#traffic(n, subject, kind, tell);
    return said;
  }

  /** Every device serves a computer of its subnet, and now and then one of another. */
  #traffic(
    n: number,
    subject: Subject,
    kind: Kind,
    tell: <K extends FactKind>(
      about: Subject,
      fact: K,
      value: FactValue<K>,
      protocol?: string,
      source?: string,
    ) => void,
  ): void {
    const [transport, port, protocol] = kind.services[0] ?? ['tcp', 80, 'http'];
    const base = Math.floor(n / SUBNET) * SUBNET;
    const asked = [base + (n % 5), ...(n % 20 === 0 && base > 0 ? [(base - SUBNET + n) % Math.max(1, base)] : [])];
    for (const peer of asked) {
      if (peer === n) continue;
      const client = this.#subject(peer);
      const packets = 20 + Math.floor(this.#random() * 2_000);
      tell(
        client,
        'conversation',
        {
          peer: subjectKey(subject),
          transport,
          port,
          ...(protocol ? { protocol } : {}),
          packetsSent: packets,
          packetsReceived: packets - 3,
          bytesSent: packets * 80,
          bytesReceived: packets * 140,
        },
        protocol || transport,
        'flow',
      );
      const [what, operationKind] = WHATS[n % WHATS.length] as (typeof WHATS)[number];
      if (n % 4 < 3)
        tell(
          subject,
          'operation',
          { from: subjectKey(client), what, kind: operationKind, accepted: n % 9 !== 0 },
          kind.protocol,
          what,
        );
    }
  }
}
