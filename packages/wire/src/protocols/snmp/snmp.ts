// SNMP: who manages whom and with which protection, what is set, and what agents answer about the device they run on
// (`agent.ts`). Requests tell nothing of the manager but that it asks.
import type { Subject } from '@interlock/model';
import { readBerLength } from '../../ber.ts';
import { DESCRIBED_KINDS } from '../../descriptions.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { AGENT_KINDS, type AgentState, newAgentState, tellEngine, tellObjectId, tellVariable } from './agent.ts';
import { addressOf, findSnmpSecrets, PDU, readSnmp, type Snmp, type Variable } from './message.ts';
import { OBJECT_KINDS, settableName } from './objects.ts';

/** Longest message over TCP: what a length of two bytes can say (RFC 3430 asks for 8192). */
const MAX_MESSAGE = 65_536 + 4;
/** Settings that wait for their answer. */
const MAX_PENDING = 64;
/** Objects of one setting that its detail names. */
const MAX_NAMED = 3;

interface State extends AgentState {
  toldCommunity: boolean;
  toldWellKnown: boolean;
  /** Settings by request identifier. */
  readonly pending: Map<number, { readonly detail: string; readonly frame: number; readonly time: number }>;
}

const OWN_KINDS = ['snmp.version', 'credential.cleartext', 'exposure.anonymous', 'operation'] as const;
const TELLS = [...new Set([...OWN_KINDS, ...AGENT_KINDS, ...DESCRIBED_KINDS, ...OBJECT_KINDS])];
type Kind = (typeof TELLS)[number];

export const snmp = protocol({
  name: 'snmp',
  title: 'SNMP',
  spec: 'RFC 1157 (v1), RFC 3416 (v2c), RFC 3412 and 3414 (v3); RFC 3418, 6933, 4293, 1628, 3805',
  depth: 'full',
  on: { udp: [161, 162], tcp: [161, 162] },
  tells: TELLS,
  open: (): State => ({ ...newAgentState(), toldCommunity: false, toldWellKnown: false, pending: new Map() }),

  firstBytes: [0x30],
  recognise(reader) {
    if (reader.u8() !== 0x30) return false;
    const length = readBerLength(reader);
    if (!reader.ok || length !== reader.left || reader.u16() !== 0x0201) return false;
    const version = reader.u8();
    const next = reader.u8();
    return version === 3 ? next === 0x30 : (version === 0 || version === 1) && next === 0x04;
  },

  frame(reader) {
    if (reader.peek() !== 0x30) return NOT_MINE;
    if (reader.left < 6) return NEED_MORE;
    reader.skip(1);
    const length = readBerLength(reader) + reader.offset;
    return reader.ok && length <= MAX_MESSAGE ? length : NOT_MINE;
  },

  read: (reader): Snmp | undefined => readSnmp(reader),
  secrets: findSnmpSecrets,

  observe(message, say, conversation) {
    if (message.broken) say.malformed('snmp.variables-cut-off');
    const { sender, server, state, frame, time } = conversation;
    const { pdu, variables, request, error, trap } = message;
    const isAgent = comesFromAgent(message, conversation);
    tellProtection(message, isAgent ? sender : server, isAgent, say, state);
    if (pdu === PDU.set) {
      if (state.pending.size < MAX_PENDING) state.pending.set(request, { detail: nameObjects(variables), frame, time });
      return;
    }
    const set = pdu === PDU.response ? state.pending.get(request) : undefined;
    if (set) {
      state.pending.delete(request);
      say.operation('set variables', 'configure', { ...set, accepted: error === 0 });
    }
    if (!isAgent || pdu === PDU.report) return;
    // Whoever passes traps on for others names them; what such a trap tells is not of its sender.
    const origin = trap?.agent ?? trapAddress(variables);
    if (origin && origin !== '0.0.0.0' && origin !== sender.ip) return;
    const agent = { subject: sender, say: say.fact, state };
    if (trap && trap.generic < ENTERPRISE_SPECIFIC) tellObjectId(trap.enterprise, 'enterprise of trap', agent);
    for (const variable of variables) tellVariable(variable, agent);
  },

  close(say, { state }) {
    for (const set of state.pending.values()) say.operation('set variables', 'configure', set);
  },
});

/** Whether the managed device sent the message. Encrypted ones do not tell; then the ports do. */
function comesFromAgent({ pdu, reportable }: Snmp, { fromClient, serverPort }: Conversation<State>): boolean {
  const toManager = serverPort === 162;
  // What comes back from a manager's port is its answer to an inform.
  if (pdu === PDU.response || pdu === PDU.report) return !toManager;
  if (pdu === PDU.trap1 || pdu === PDU.trap2 || pdu === PDU.inform) return true;
  if (pdu !== 0) return false;
  return toManager ? fromClient && reportable === false : !fromClient;
}

function tellProtection(
  { version, pdu, community, engine, authenticated, encrypted, hasUser }: Snmp,
  agent: Subject,
  isAgent: boolean,
  say: Saying<Kind>,
  state: State,
): void {
  if (community) {
    const { wellKnown } = community;
    if (wellKnown ? !state.toldWellKnown : !state.toldCommunity) {
      const value = { what: 'SNMP community', ...(wellKnown ? { wellKnown } : {}) };
      say.fact(agent, 'credential.cleartext', value, 'community');
      if (wellKnown) state.toldWellKnown = true;
      else state.toldCommunity = true;
    }
  }
  if (!isAgent) return;
  if (version !== 3) {
    say.fact(agent, 'snmp.version', version === 1 ? 'v1' : 'v2c', 'version');
    return;
  }
  // A report only tells the manager the engine; it says nothing of how the agent is otherwise asked.
  if (pdu !== PDU.report) {
    const level = encrypted ? 'v3 authPriv' : authenticated ? 'v3 authNoPriv' : 'v3 noAuthNoPriv';
    say.fact(agent, 'snmp.version', level, 'msgFlags');
    if (!authenticated && hasUser && pdu === PDU.response)
      say.fact(agent, 'exposure.anonymous', 'SNMPv3 without authentication', 'msgFlags');
  }
  // The authoritative engine of an inform is its receiver's (RFC 3414 section 1.5.1).
  if (engine && pdu !== PDU.inform) tellEngine(engine, { subject: agent, say: say.fact, state });
}

/** generic-trap 6: the enterprise is then that of the trap's definition, not of the device (RFC 1157 section 4.1.6). */
const ENTERPRISE_SPECIFIC = 6;

/** snmpTrapAddress (RFC 3584 section 3.1), which a proxy adds. */
function trapAddress(variables: readonly Variable[]): string {
  const found = variables.find(({ oid }) => oid === '1.3.6.1.6.3.18.1.3.0');
  return found ? addressOf(found.value) : '';
}

function nameObjects(variables: readonly Variable[]): string {
  const names = variables.slice(0, MAX_NAMED).map(({ oid }) => settableName(oid));
  if (variables.length > MAX_NAMED) names.push(`and ${variables.length - MAX_NAMED} more`);
  return names.join(', ');
}
