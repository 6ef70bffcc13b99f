// Names of OPC UA: services by the identifier of their binary encoding (OPC 10000-6, annex A), what each does to a server,
// methods and nodes of the standard's own namespace, security policies.
import type { OperationKind } from '@interlock/model';

/** Identifiers of requests; the response of each is three higher, for the services of discovery 1.03 one higher. */
export const SERVICE = {
  serviceFault: 397,
  findServers: 422,
  getEndpoints: 428,
  registerServer: 437,
  openSecureChannel: 446,
  closeSecureChannel: 452,
  createSession: 461,
  activateSession: 467,
  read: 631,
  write: 673,
  call: 712,
  findServersOnNetwork: 12208,
  registerServer2: 12211,
} as const;

interface Service {
  readonly what: string;
  /** Absent where it only keeps a subscription alive, which is not worth telling again and again. */
  readonly kind?: OperationKind;
}

const SERVICES: Readonly<Record<number, Service>> = {
  422: { what: 'find servers', kind: 'diagnostic' },
  428: { what: 'get endpoints', kind: 'diagnostic' },
  437: { what: 'register server', kind: 'configure' },
  446: { what: 'open secure channel', kind: 'session' },
  452: { what: 'close secure channel', kind: 'session' },
  461: { what: 'create session', kind: 'session' },
  467: { what: 'activate session', kind: 'authentication' },
  473: { what: 'close session', kind: 'session' },
  479: { what: 'cancel request', kind: 'session' },
  488: { what: 'add nodes', kind: 'configure' },
  494: { what: 'add references', kind: 'configure' },
  500: { what: 'delete nodes', kind: 'configure' },
  506: { what: 'delete references', kind: 'configure' },
  527: { what: 'browse', kind: 'read' },
  533: { what: 'browse next', kind: 'read' },
  554: { what: 'translate browse paths', kind: 'read' },
  560: { what: 'register nodes', kind: 'read' },
  566: { what: 'unregister nodes', kind: 'read' },
  615: { what: 'query', kind: 'read' },
  621: { what: 'query next', kind: 'read' },
  631: { what: 'read', kind: 'read' },
  664: { what: 'read history', kind: 'read' },
  673: { what: 'write', kind: 'write' },
  700: { what: 'update history', kind: 'write' },
  712: { what: 'call method', kind: 'write' },
  751: { what: 'create monitored items', kind: 'read' },
  763: { what: 'modify monitored items', kind: 'read' },
  769: { what: 'set monitoring mode', kind: 'read' },
  775: { what: 'set triggering', kind: 'read' },
  781: { what: 'delete monitored items', kind: 'read' },
  787: { what: 'create subscription', kind: 'read' },
  793: { what: 'modify subscription', kind: 'read' },
  799: { what: 'set publishing mode', kind: 'read' },
  826: { what: 'publish' },
  832: { what: 'republish' },
  841: { what: 'transfer subscriptions', kind: 'read' },
  847: { what: 'delete subscriptions', kind: 'read' },
  12208: { what: 'find servers on network', kind: 'diagnostic' },
  12211: { what: 'register server', kind: 'configure' },
};

export const serviceOf = (id: number): Service | undefined => SERVICES[id];

/** The request that a response answers; 0 where the identifier is none of a response. */
export function requestOf(id: number): number {
  if (SERVICES[id - 3]) return id - 3;
  return id > 12_000 && SERVICES[id - 1] ? id - 1 : 0;
}

/** Methods of the standard's namespace whose purpose is known (OPC 10000-5, -12); other methods may do anything. */
export const METHODS: Readonly<Record<number, { readonly what: string; readonly kind: OperationKind }>> = {
  3875: { what: 'refresh conditions', kind: 'read' },
  11492: { what: 'get monitored items', kind: 'diagnostic' },
  12873: { what: 'resend data', kind: 'read' },
  12886: { what: 'request server state change', kind: 'mode' },
  13737: { what: 'update certificate', kind: 'configure' },
  12740: { what: 'apply changes of configuration', kind: 'configure' },
  12737: { what: 'create certificate signing request', kind: 'configure' },
};

/** Nodes of the server object (OPC 10000-5, 6.3.1) that say who it is. */
export const IDENTITY_NODES: Readonly<Record<number, string>> = {
  2254: 'ServerArray',
  2255: 'NamespaceArray',
  2256: 'ServerStatus',
  2260: 'BuildInfo',
  2261: 'ProductName',
  2262: 'ProductUri',
  2263: 'ManufacturerName',
  2264: 'SoftwareVersion',
  2265: 'BuildNumber',
};

const POLICY_PREFIX = 'http://opcfoundation.org/UA/SecurityPolicy#';
/** Short name of a security policy: `None`, `Basic256Sha256`; empty where the address is none of the foundation's. */
export const policyName = (uri: string): string =>
  uri.startsWith(POLICY_PREFIX) ? uri.slice(POLICY_PREFIX.length) : '';

export const MODES: Readonly<Record<number, string>> = { 1: '', 2: 'Sign', 3: 'SignAndEncrypt' };
export const TOKENS: Readonly<Record<number, string>> = {
  0: 'Anonymous',
  1: 'UserName',
  2: 'Certificate',
  3: 'IssuedToken',
};
export const APPLICATION_TYPES: Readonly<Record<number, string>> = {
  0: 'OPC UA server',
  1: 'OPC UA client',
  2: 'OPC UA client and server',
  3: 'OPC UA discovery server',
};
