// How sure it is that a device is one device and what it is, from 0 to 1: each kind of evidence leaves a part of the
// doubt that the others left.
import type { FactKind } from '@interlock/model';
import type { Draft } from './drafts.ts';
import type { HeldFact } from './evidence.ts';
import type { Node } from './nodes.ts';

interface Ground {
  readonly why: string;
  /** Share of the doubt it takes away. */
  readonly takes: number;
  readonly holds: (nodes: readonly Node[], facts: readonly HeldFact[]) => boolean;
}
const states =
  (...kinds: FactKind[]): Ground['holds'] =>
  (_, facts) =>
    facts.some(({ kind, said }) => said !== 'derived' && kinds.includes(kind));

const GROUNDS: readonly Ground[] = [
  {
    why: 'an adapter from the registry',
    takes: 0.7,
    holds: (nodes) => nodes.some(({ mac }) => mac?.kind === 'global'),
  },
  {
    why: 'an adapter with a made-up address',
    takes: 0.5,
    holds: (nodes) => nodes.some(({ mac }) => mac?.kind === 'local'),
  },
  {
    why: 'it claims its IP address, or DHCP gave it',
    takes: 0.4,
    holds: (nodes) =>
      nodes.some(({ mac }) => mac && [...mac.pairs.values()].some((pair) => pair.claimed ?? pair.assigned)),
  },
  { why: 'an IP address that sends', takes: 0.3, holds: (nodes) => nodes.some((node) => node.ip ?? sends(node)) },
  {
    why: 'it states a serial number or other unique identifier',
    takes: 0.6,
    holds: states('device.serial', 'device.uuid', 'snmp.engine-id', 'bacnet.instance'),
  },
  { why: 'it states its model', takes: 0.4, holds: states('device.model', 'device.order-number') },
  { why: 'it states its name', takes: 0.3, holds: states('device.hostname', 'device.station-name', 'netbios.name') },
  { why: 'another tool met it', takes: 0.3, holds: (_, facts) => facts.some(({ basis }) => basis && basis !== 'list') },
  { why: 'a list names it', takes: 0.2, holds: (_, facts) => facts.some(({ basis }) => basis === 'list') },
  { why: 'a person named it', takes: 0.8, holds: states('identity.name') },
];

export function surenessOf({ nodes, facts }: Draft): number {
  let doubt = 1;
  for (const { takes, holds } of GROUNDS) if (holds(nodes, facts)) doubt *= 1 - takes;
  return 1 - doubt;
}

const sends = ({ mac }: Node): boolean => mac !== undefined && [...mac.pairs.values()].some((pair) => pair.sent);
