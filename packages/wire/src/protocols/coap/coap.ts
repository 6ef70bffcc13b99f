// CoAP: requests and answers of small devices in datagrams, and on it LwM2M, OCF and the announcements of Shelly. Devices
// list their resources, register with a name, and say what they are when asked.
import type { OperationKind } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { macOfEui64, statedMac, statedText, statedUuid } from '../../stated.ts';
import { DEVICE_KINDS, objectsOf, readDeviceObject, readLinks, readOcfResource, textOf } from './lwm2m.ts';
import { type CoapMessage, readMessage } from './message.ts';

const TELLS = [
  'coap.resource',
  'lwm2m.endpoint',
  'lwm2m.version',
  'lwm2m.lifetime',
  'lwm2m.object',
  ...DEVICE_KINDS,
  'device.friendly-label',
  'device.uuid',
  'address.announced-mac',
  'service.role',
  'credential.cleartext',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<CoapState>;

/** Requests that wait for an answer; RFC 7252 section 4.7 allows one at a time, proxies send more. */
const MAX_PENDING = 64;
/** Resources of one server that are told. */
const MAX_RESOURCES = 100;
/** What is kept of a list of links whose last link goes on in the next block. */
const MAX_REST = 512;

interface Pending {
  readonly method: number;
  readonly path: string;
  readonly fromClient: boolean;
  readonly observes: boolean;
  readonly frame: number;
  readonly time: number;
  /** Told of already, or not to be told: what goes to a group is done to nobody in particular. */
  isSaid: boolean;
}
interface CoapState {
  /** By direction and token. */
  readonly pending: Map<string, Pending>;
  resources: number;
  rest: string;
}

/** What `read` found. The payload was read where its meaning is known. */
interface Coap {
  readonly message: CoapMessage;
  /** The request that this answers. */
  readonly request: Pending | undefined;
  /** A request that gave up its place. */
  readonly dropped: Pending | undefined;
  readonly links: readonly string[];
  readonly stated: readonly {
    readonly kind: (typeof DEVICE_KINDS)[number] | 'device.friendly-label';
    readonly value: string;
    readonly source: string;
  }[];
}

export const coap = protocol({
  name: 'coap',
  title: 'Constrained Application Protocol, with LwM2M',
  spec: 'RFC 7252, RFC 6690, RFC 7641, RFC 7959; OMA LwM2M Core 1.2',
  depth: 'full',
  on: { udp: [5683] },
  tells: TELLS,

  firstBytes: [
    0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
  ],
  // Other ports: only requests for a named resource, in which every option is a registered one.
  recognise(reader) {
    const message = readMessage(reader);
    return (
      message !== undefined &&
      message.code > 0 &&
      message.code <= 7 &&
      message.isPlain &&
      /^\/[\w./-]{2,}/.test(message.path)
    );
  },
  open: (): CoapState => ({ pending: new Map(), resources: 0, rest: '' }),

  read(reader, conversation): Coap | undefined {
    const message = readMessage(reader);
    if (!message) return undefined;
    const { state, fromClient, toGroup, frame, time } = conversation;
    if (isRequest(message)) {
      const { code: method, path, observes } = message;
      const key = keyOf(fromClient, message.token);
      const known = state.pending.get(key);
      // The same request again is a repetition; another one with its token takes its place.
      const isAgain = known?.method === method && known.path === path;
      const dropped = known
        ? isAgain
          ? undefined
          : known
        : state.pending.size >= MAX_PENDING
          ? takeFirst(state.pending)
          : undefined;
      if (!isAgain) state.pending.set(key, { method, path, fromClient, observes, frame, time, isSaid: toGroup });
      const isList = method === POST && (path === '/rd' || path === '/bs');
      const isData = method === POST && path === '/dp';
      const links = isList ? readLinks(textOf(message.payload)) : [];
      const stated = isData ? readDeviceObject('', message.format, message.payload) : [];
      return { message, request: undefined, dropped, links, stated };
    }
    const key = keyOf(!fromClient, message.token);
    const request = message.code === 0 ? undefined : state.pending.get(key);
    // Of a group many answer; who is observed and who sends in blocks answers again.
    if (request && !request.observes && !message.moreBlocks && !request.isSaid) state.pending.delete(key);
    const links = message.format === LINK_FORMAT ? readBlock(message, state) : [];
    const path = message.code === CONTENT ? (request?.path ?? '') : '';
    const stated = /^\/3(?:\/0)?(?:\/\d+)?$/.test(path)
      ? readDeviceObject(path, message.format, message.payload)
      : path.startsWith('/oic/')
        ? readOcfResource(path, message.payload)
        : [];
    return { message, request, dropped: undefined, links, stated };
  },

  // Keys come with what a server writes into the security object.
  secrets(reader) {
    const message = readMessage(reader);
    if (!message || !writesKeys(message)) return [];
    return [{ from: reader.offset, to: reader.end - reader.start, what: 'LwM2M keys or password' }];
  },

  observe({ message, request, dropped, links, stated }, say, conversation: Talk) {
    const { sender, state } = conversation;
    for (const { kind, value, source } of stated) say.fact(sender, kind, statedText(value), source);
    if (dropped) sayRequest(dropped, undefined, say, conversation);
    if (message.shelly !== '') observeShelly(message.shelly, say, conversation);
    if (isRequest(message)) return observeRequest(message, links, say, conversation);
    for (const link of links) {
      if (state.resources >= MAX_RESOURCES) break;
      if (!link.startsWith('/')) continue;
      state.resources++;
      say.fact(sender, 'coap.resource', cleanText(link, 200), 'link format');
    }
    if (!request || message.code === 0) return;
    const isDone = message.code < 300;
    if (isDone && request.method === POST && request.path === '/rd')
      say.fact(sender, 'service.role', 'LwM2M server', 'registration accepted');
    sayRequest(request, isDone, say, conversation);
  },

  close(say, conversation: Talk) {
    for (const request of conversation.state.pending.values()) sayRequest(request, undefined, say, conversation);
  },
});

const GET = 1;
const POST = 2;
const PUT = 3;
const DELETE = 4;
const CONTENT = 205;
const LINK_FORMAT = 40;

const isRequest = ({ code }: CoapMessage): boolean => code > 0 && code <= 7;
const keyOf = (fromClient: boolean, token: string): string => (fromClient ? token : `< ${token}`);
const writesKeys = ({ code, path }: CoapMessage): boolean =>
  (code === PUT || code === POST) && /^\/0(?:\/|$)/.test(path);

function takeFirst(pending: Map<string, Pending>): Pending | undefined {
  const [first] = pending;
  if (!first) return undefined;
  pending.delete(first[0]);
  return first[1];
}

/** Links of a block and of what was left over of the block before. */
function readBlock(message: CoapMessage, state: CoapState): string[] {
  const text = (message.block > 0 ? state.rest : '') + textOf(message.payload);
  const cut = message.moreBlocks ? text.lastIndexOf('<') : text.length;
  state.rest = text.slice(Math.max(cut, 0)).slice(0, MAX_REST);
  return readLinks(text.slice(0, Math.max(cut, 0)));
}

function observeRequest(message: CoapMessage, links: readonly string[], say: Says, { sender, receiver }: Talk): void {
  const { code, path, queries } = message;
  if (writesKeys(message))
    say.fact(receiver, 'credential.cleartext', { what: 'LwM2M keys or password' }, 'write of the security object');
  if (code !== POST || (path !== '/rd' && path !== '/bs')) return;
  const query = new Map(
    queries.map((one): [string, string] => [one.split('=', 1)[0] ?? '', one.slice(one.indexOf('=') + 1)]),
  );
  const endpoint = query.get('ep') ?? '';
  const version = query.get('lwm2m') ?? '';
  const objects = objectsOf(links);
  // A plain resource directory (RFC 9176) has neither.
  if (endpoint === '' || (version === '' && objects.length === 0 && path !== '/bs')) return;
  say.fact(sender, 'service.role', 'LwM2M client', 'registration');
  say.fact(sender, 'lwm2m.endpoint', endpoint, 'registration, ep');
  observeEndpoint(endpoint, say, sender);
  if (/^\d+\.\d+$/.test(version)) say.fact(sender, 'lwm2m.version', version, 'registration, lwm2m');
  const lifetime = query.get('lt') ?? '';
  if (/^\d{1,9}$/.test(lifetime)) say.fact(sender, 'lwm2m.lifetime', Number(lifetime), 'registration, lt');
  for (const object of objects) say.fact(sender, 'lwm2m.object', object, 'registration');
}

/** Names that are made of an identifier of the device (OMA LwM2M Core 1.2 section 7.3.1; RFC 9039). */
function observeEndpoint(name: string, say: Says, sender: Talk['sender']): void {
  const mac = /^urn:dev:mac:([0-9a-f]{12,16})$/i.exec(name)?.[1] ?? '';
  say.fact(sender, 'address.announced-mac', statedMac(mac) || macOfEui64(mac), 'registration, ep');
  if (name.startsWith('urn:uuid:')) say.fact(sender, 'device.uuid', statedUuid(name), 'registration, ep');
}

/** "SHSW-25#A4CF12F407D4#2": type, address or its last bytes, version of the form. */
function observeShelly(device: string, say: Says, { sender }: Talk): void {
  const [, model = '', id = ''] = /^([A-Z\d-]{3,20})#([0-9A-F]{6,12})#\d/.exec(device) ?? [];
  if (model === '') return;
  say.fact(sender, 'device.vendor', 'Shelly', 'CoIoT, device');
  say.fact(sender, 'device.model', model, 'CoIoT, device');
  say.fact(sender, 'address.announced-mac', statedMac(id), 'CoIoT, device');
}

function sayRequest(request: Pending, accepted: boolean | undefined, say: Says, { client, server }: Talk): void {
  if (request.isSaid) return;
  request.isSaid = true;
  const { method, path, fromClient, observes, frame, time } = request;
  const [from, to] = fromClient ? [client, server] : [server, client];
  const special = SPECIAL.find((one) => one.method === method && one.path.test(path));
  const [what, kind] = special
    ? [special.what, special.kind]
    : observes
      ? OBSERVE
      : (METHODS[method] ?? METHODS[PUT] ?? OBSERVE);
  say.operation(what, kind, { from, to, detail: path || undefined, accepted, frame, time });
}

type Named = readonly [what: string, kind: OperationKind];
const OBSERVE: Named = ['observe a resource', 'read'];
const METHODS: Readonly<Record<number, Named>> = {
  1: ['read a resource', 'read'],
  2: ['post to a resource', 'write'],
  3: ['write a resource', 'write'],
  4: ['delete a resource', 'configure'],
  5: ['fetch from a resource', 'read'],
  6: ['change a resource', 'write'],
  7: ['change a resource', 'write'],
};

/** Requests that mean more than their method: discovery, registration, and resources of LwM2M objects 0, 3, 5 and 9. */
const SPECIAL: readonly {
  readonly method: number;
  readonly path: RegExp;
  readonly what: string;
  readonly kind: OperationKind;
}[] = [
  { method: GET, path: /^\/\.well-known\/core$|^\/oic\/(?:res|p|d)$/, what: 'discover resources', kind: 'diagnostic' },
  { method: GET, path: /^\/3(?:\/0)?$/, what: 'read the device object', kind: 'diagnostic' },
  { method: POST, path: /^\/rd$/, what: 'register', kind: 'session' },
  { method: POST, path: /^\/rd\/./, what: 'renew the registration', kind: 'session' },
  { method: DELETE, path: /^\/rd\/./, what: 'cancel the registration', kind: 'session' },
  { method: POST, path: /^\/bs$/, what: 'ask for its first settings', kind: 'session' },
  { method: POST, path: /^\/3\/0\/4$/, what: 'reboot the device', kind: 'mode' },
  { method: POST, path: /^\/3\/0\/5$/, what: 'reset the device to factory settings', kind: 'mode' },
  { method: PUT, path: /^\/(?:5|9)\/\d+(?:\/[0-3])?$/, what: 'transfer firmware', kind: 'firmware' },
  { method: POST, path: /^\/5\/0\/2$|^\/9\/\d+\/4$/, what: 'install firmware', kind: 'firmware' },
  { method: PUT, path: /^\/[01](?:\/|$)/, what: 'write server settings', kind: 'configure' },
];
