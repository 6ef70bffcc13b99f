// Protocols that begin in clear and turn to TLS on the same connection: STARTTLS of mail and directories, RDP, databases.
// From there on the connection is read as TLS, and what that tells is told as the protocol's own.
import type { Conversation } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { tls } from './tls.ts';

type TlsState = NonNullable<typeof tls.open> extends () => infer S ? S : never;
export type TlsMessage = Parameters<typeof tls.observe>[0];
type TlsSay = Parameters<typeof tls.observe>[1];

/** Part of the state of a protocol that can turn to TLS; made by the first record. */
export interface TlsUpgrade {
  tls: TlsState | undefined;
}
/** For `tells` of a protocol that calls `observeTls`. */
export const TLS_KINDS = tls.tells;

/** Whether what starts here is a TLS record: of a handshake or an alert, or of any type once there was one. */
export function isTlsRecord(reader: Reader, { tls: begun }: TlsUpgrade): boolean {
  const type = reader.peek();
  const version = reader.peek16(1);
  return (
    (type === 0x16 || (begun !== undefined && type >= 0x14 && type <= 0x18)) && version >= 0x0300 && version <= 0x0304
  );
}

/** Length of the TLS record that starts here. */
export const frameTls = (reader: Reader, conversation: Conversation<TlsUpgrade>): number =>
  within(conversation, (inner) => tls.frame?.(reader, inner) ?? reader.left);

export const readTls = (reader: Reader, conversation: Conversation<TlsUpgrade>): TlsMessage | undefined =>
  within(conversation, (inner) => tls.read(reader, inner));

export const observeTls = (message: TlsMessage, say: TlsSay, conversation: Conversation<TlsUpgrade>): void =>
  within(conversation, (inner) => tls.observe(message, say, inner));

/** Lends the conversation to TLS with the state that is its own. */
function within<R>(conversation: Conversation<TlsUpgrade>, act: (inner: Conversation<TlsState>) => R): R {
  const state = conversation.state;
  state.tls ??= tls.open?.() as TlsState;
  const inner = conversation as Conversation<unknown> as Conversation<TlsState>;
  inner.state = state.tls;
  try {
    return act(inner);
  } finally {
    conversation.state = state;
  }
}
