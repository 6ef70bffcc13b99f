// Which answer belongs to which request, and which connection leads where. Unconnected messages carry a context that the
// answer repeats; on connections the sequence number does, and the way to the target was said when they were opened.
import type { Subject } from '@interlock/model';
import type { CipAnswer, CipRequest, ForwardOpen } from '../cip/message.ts';

/** Requests without answer that are kept; clients wait for a handful at a time. */
const MAX_PENDING = 64;
/** Message connections of one session; engineering tools open up to five. */
const MAX_CONNECTIONS = 64;

export interface Connection {
  /** Identifiers of either direction: sent to the target, and to the originator. */
  readonly toTarget: number;
  readonly toOriginator: number;
  readonly serial: number;
  readonly originator: number;
  /** Ports behind the server, down to the target. */
  readonly route: readonly string[];
  /** Class of the object at its end: 2 for the message router, which alone takes plain requests. */
  readonly classId: number;
  /** The target as subject, once somebody asked for it. */
  subject: Subject | undefined;
}

export interface Pending {
  readonly request: CipRequest;
  readonly from: Subject;
  readonly to: Subject;
  readonly frame: number;
  readonly time: number;
  /** Undefined for unconnected messages; identifier of a connection otherwise. */
  readonly connectionId: number | undefined;
  readonly sequence: number;
  readonly contextLow: number;
  readonly contextHigh: number;
}

export interface EnipState {
  readonly pending: Pending[];
  readonly connections: Connection[];
  /** Requests pushed out by newer ones, to be told without an answer. */
  forgotten: Pending[];
  saidRoles: boolean;
}

export const openState = (): EnipState => ({ pending: [], connections: [], forgotten: [], saidRoles: false });

export function remember(state: EnipState, pending: Pending): void {
  state.pending.push(pending);
  if (state.pending.length <= MAX_PENDING) return;
  const oldest = state.pending.shift();
  if (oldest) state.forgotten.push(oldest);
}

const takeAt = (state: EnipState, at: number): Pending | undefined =>
  at < 0 ? undefined : state.pending.splice(at, 1)[0];

/** The unconnected request of this context; the only one waiting where a server does not repeat contexts. */
export function takeUnconnected(state: EnipState, low: number, high: number): Pending | undefined {
  const { pending } = state;
  const at = pending.findIndex(
    (one) => one.connectionId === undefined && one.contextLow === low && one.contextHigh === high,
  );
  if (at >= 0) return takeAt(state, at);
  const only = pending.findIndex((one) => one.connectionId === undefined);
  const isOnly = only >= 0 && only === pending.findLastIndex((one) => one.connectionId === undefined);
  return isOnly ? takeAt(state, only) : undefined;
}

/**
 * The request of this sequence number on the connection that answers under `toOriginator`. Of a connection whose opening
 * was not seen only the number is known.
 */
export function takeConnected(state: EnipState, toOriginator: number, sequence: number, service: number) {
  const connection = state.connections.find((one) => one.toOriginator === toOriginator);
  return takeAt(
    state,
    state.pending.findIndex(
      (one) =>
        one.connectionId !== undefined &&
        one.sequence === sequence &&
        one.request.service === service &&
        (connection ? one.connectionId === connection.toTarget : !findConnection(state, one.connectionId)),
    ),
  );
}

/** The connection a request was sent on; undefined for unconnected ones, and where its opening was not seen. */
export const connectionOf = (state: EnipState, { connectionId }: Pending): Connection | undefined =>
  connectionId === undefined ? undefined : findConnection(state, connectionId);

export const findConnection = (state: EnipState, toTarget: number): Connection | undefined =>
  state.connections.find((one) => one.toTarget === toTarget);

/** Keeps the way of a message connection that was accepted. Cyclic ones are left out: their data tell nothing. */
export function noteOpened(state: EnipState, open: ForwardOpen, answer: CipAnswer): void {
  if (answer.toTarget === undefined || open.transportClass < 2) return;
  const { connections } = state;
  const { toOriginator, serial, originator, path } = open;
  const old = connections.findIndex((one) => one.toTarget === answer.toTarget);
  if (old >= 0) connections.splice(old, 1);
  if (connections.length >= MAX_CONNECTIONS) connections.shift();
  connections.push({
    toTarget: answer.toTarget,
    toOriginator,
    serial,
    originator,
    route: [...answer.route, ...path.route],
    classId: path.classId,
    subject: undefined,
  });
}

export function noteClosed(state: EnipState, serial: number): void {
  const at = state.connections.findIndex((one) => one.serial === serial);
  if (at >= 0) state.connections.splice(at, 1);
}
