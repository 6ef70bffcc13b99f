// XMPP: chat, and in some plants and homes the way from devices to their cloud. One endless XML document in each direction;
// read up to the login, tag by tag, since elements may come in any pieces.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, decodeText, type Reader } from '../../reader.ts';
import { decodeBase64 } from '../http/secrets.ts';

/** Longest tag with the text before it; a certificate in a login has some thousands. */
const MAX_TAG = 16_384;

interface XmppState {
  started: boolean;
  mechanism: string;
  account: string;
  login: { readonly frame: number; readonly time: number } | undefined;
  /** Between the tags of the mechanisms that a server offers. */
  inMechanism: boolean;
}
interface Xmpp {
  /** Name of the tag, with a slash before it where it ends an element. */
  readonly tag: string;
  /** Account whose password came. */
  readonly account: string;
  readonly hasPassword: boolean;
  readonly offered: string;
}

export const xmpp = protocol({
  name: 'xmpp',
  title: 'Extensible Messaging and Presence Protocol',
  spec: 'RFC 6120; XEP-0078',
  depth: 'recognised',
  on: { tcp: [5222, 5269] },
  tells: ['service.role', 'service.authentication', 'credential.cleartext', 'operation'],

  firstBytes: [0x3c], // <
  recognise: (reader) =>
    /^(?:<\?xml[^>]{0,100}\?>\s{0,4})?<stream:stream\s/.test(reader.text(Math.min(reader.left, 200))),

  // A tag, with the text before it: what a segment ends in does not matter then.
  frame(reader, { state }) {
    if (!state.started && !startsDocument(reader))
      return reader.left < 10 && reader.peek() === LESS ? NEED_MORE : NOT_MINE;
    const end = Math.min(reader.left, MAX_TAG);
    for (let at = 0; at < end; at++) if (reader.peek(at) === GREATER) return at + 1;
    return end < MAX_TAG ? NEED_MORE : NOT_MINE;
  },
  open: (): XmppState => ({ started: false, mechanism: '', account: '', login: undefined, inMechanism: false }),

  read(reader, { state, frame, time }): Xmpp | undefined {
    if (!state.started && !startsDocument(reader)) return undefined;
    const text = decodeText(reader.bytes(Math.min(reader.left, MAX_TAG)), 'utf8');
    const less = text.indexOf('<');
    const tag = /^<(\/?[\w:?.-]{1,60})/.exec(text.slice(Math.max(less, 0)))?.[1] ?? '';
    if (less < 0 || tag === '') return undefined;
    state.started = true;
    const content = text.slice(0, less);
    const nothing = { tag, account: '', hasPassword: false, offered: '' };
    switch (tag) {
      case 'auth':
        state.mechanism = cleanText(/\bmechanism\s*=\s*["']([\w-]{1,30})/.exec(text)?.[1] ?? '');
        state.login = { frame, time };
        return nothing;
      case 'mechanism':
        state.inMechanism = true;
        return nothing;
      case '/mechanism': {
        const offered = state.inMechanism ? cleanText(content, 30) : '';
        state.inMechanism = false;
        return { ...nothing, offered };
      }
      case '/auth':
      case '/response':
        return state.mechanism === 'PLAIN' ? { ...nothing, ...readPlain(content) } : nothing;
      case '/username':
        state.account = cleanText(content, 200);
        return nothing;
      case '/password':
        return { ...nothing, account: state.account, hasPassword: content.trim() !== '' };
      default:
        return nothing;
    }
  },

  // Also where the tag behind the text is cut off.
  secrets(reader) {
    const text = reader.text(Math.min(reader.left, MAX_TAG));
    const less = text.indexOf('<');
    const to = less < 0 ? text.length : less;
    const isHarmless = less >= 0 && text.endsWith('>') && !/<\/(?:auth|response|password)\s*>$/.test(text);
    return isHarmless || to === 0 ? [] : [{ from: 0, to, what: 'XMPP password' }];
  },

  observe({ tag, account, hasPassword, offered }, say, conversation) {
    const { sender, receiver, fromClient, state } = conversation;
    if (tag === 'stream:stream') say.fact(fromClient ? receiver : sender, 'service.role', 'XMPP server', 'stream');
    if (!fromClient) say.fact(sender, 'service.authentication', offered, 'features, mechanism');
    if (hasPassword) {
      const what = 'XMPP password';
      say.fact(receiver, 'credential.cleartext', account === '' ? { what } : { account, what }, 'login');
    }
    if (fromClient) return;
    if (tag === 'success' || tag === 'failure') {
      const { login } = state;
      state.login = undefined;
      if (login) say.operation('log in', 'authentication', { accepted: tag === 'success', ...login });
    }
    // Encrypted from here on, or logged in: what people and things write to each other.
    if (tag === 'proceed' || tag === 'success') conversation.done();
  },

  close(say, { state: { login } }) {
    if (login) say.operation('log in', 'authentication', login);
  },
});

const LESS = 0x3c;
const GREATER = 0x3e;

/** The beginning of a stream, or a stanza where the capture begins in its middle. */
function startsDocument(reader: Reader): boolean {
  let head = '';
  for (let at = 0; at < 16 && reader.peek(at) >= 0; at++) head += String.fromCharCode(reader.peek(at));
  return /^<(?:\?xml |\/?stream:|iq[ >]|message[ >]|presence[ />]|auth |starttls|proceed )/.test(head);
}

/** Answer of SASL PLAIN in base64: NUL, account, NUL, password (RFC 4616). */
function readPlain(content: string): { readonly account: string; readonly hasPassword: boolean } {
  const [, account = '', password = ''] = decodeText(decodeBase64(content.trim()), 'utf8').split('\0', 3);
  return { account: cleanText(account, 200), hasPassword: password !== '' };
}
