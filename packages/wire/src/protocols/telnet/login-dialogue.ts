// A login at a terminal, told from what both ends send: the server prompts, the client types a line. Prompts are all that
// says what a line is, so of everything typed only the account is taken, and only once a password was asked for after it.
import { BANNER_KINDS, isHost, readBanner, tellBanner } from '../../banners.ts';
import { decodeLine } from '../../lines.ts';
import type { Conversation, Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** For `tells` of a protocol that calls `tellDialogue`. */
export const DIALOGUE_KINDS = [...BANNER_KINDS, 'service.banner', 'credential.cleartext'] as const;
type Kind = (typeof DIALOGUE_KINDS)[number];

/** Text of the server kept before the login, of its line at hand, and of the client's: prompts and accounts are short. */
const MAX_BANNER = 2048;
const MAX_LINE = 256;

export interface Dialogue {
  /** What the server said before anything was typed; undefined once it was told. */
  banner: string | undefined;
  /** The server's line at hand, and the client's. */
  prompt: string;
  typed: string;
  expects: 'nothing' | 'account' | 'password';
  /** Typed after a prompt for an account; it is one if a prompt for a password follows. */
  candidate: string;
  account: string;
  /** The banner is that of Cisco's systems, whose prompts are the host's name and a sign. */
  isCisco: boolean;
}
export const newDialogue = (): Dialogue => ({
  banner: '',
  prompt: '',
  typed: '',
  expects: 'nothing',
  candidate: '',
  account: '',
  isCisco: false,
});

/** What a piece of text brought to light. */
export interface DialogueFacts {
  readonly banner?: string;
  /** Host named in the prompt for the login or, after it, for commands. */
  readonly host?: string;
  readonly password?: { readonly account: string };
}
const NOTHING: DialogueFacts = {};

const LOGIN =
  /(?:\blog ?in(?: as)?|\buser(?: ?name)?|\baccount|\bbenutzer(?:name)?|\bkennung|\butilisateur|\busuario)\s*[:>]\s*$/i;
const PASSWORD =
  /(?:pass(?:word|code|phrase|wd)?|passwort|kennwort|mot de passe|contrase\S{0,2}a|\bPIN)(?: for \S{1,64})?(?: \([^)]{0,40}\))?\s*[:>]\s*$/i;
const SHELL_PROMPT = /^\[?[\w.-]{1,32}@([A-Za-z][\w-]{0,62})(?:[:\]]| [^ ]{1,64}\]).{0,64}[$#>] ?$/;
const CISCO_PROMPT = /^([A-Za-z][\w-]{0,62})[>#] ?$/;
/** Words before "login:" that are no host. */
const NO_HOST =
  /^(?:switch|router|user|please|account|system|last|your|web|console|telnet|remote|local|the|root|admin|\w*name|enter|\w+os|vxworks)$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of terminals begin with one
const ESCAPES = /\u001b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78])/g;

/** Text of the server. In: Latin-1, as it came. */
export function hearServer(text: string, dialogue: Dialogue): DialogueFacts {
  const plain = text.replace(ESCAPES, '');
  if (dialogue.banner !== undefined) dialogue.banner = (dialogue.banner + plain).slice(0, MAX_BANNER);
  const line = (dialogue.prompt + plain).split(/[\r\n]/).at(-1) ?? '';
  dialogue.prompt = line.slice(-MAX_LINE);
  if (PASSWORD.test(dialogue.prompt)) {
    dialogue.expects = 'password';
    dialogue.account = dialogue.candidate;
    dialogue.candidate = '';
    return dialogue.banner === undefined ? NOTHING : takeBanner(dialogue);
  }
  if (LOGIN.test(dialogue.prompt)) {
    dialogue.expects = 'account';
    dialogue.candidate = '';
    const host = /^([\w.-]+) login: ?$/.exec(dialogue.prompt)?.[1] ?? '';
    const named = isHost(host) && !NO_HOST.test(host) ? { host } : NOTHING;
    return dialogue.banner === undefined ? named : { ...takeBanner(dialogue), ...named };
  }
  const prompt = dialogue.isCisco ? CISCO_PROMPT : SHELL_PROMPT;
  const host = prompt.exec(dialogue.prompt)?.[1] ?? '';
  return isHost(host) ? { host } : NOTHING;
}

/** Text that the client typed. Characters of a password are counted, never kept. */
export function hearClient(text: string, dialogue: Dialogue): DialogueFacts {
  let facts = dialogue.banner === undefined ? NOTHING : takeBanner(dialogue);
  for (const sign of text) {
    const isEnd = sign === '\r' || sign === '\n';
    if (!isEnd) {
      if (sign === '\b' || sign === '\x7f') dialogue.typed = dialogue.typed.slice(0, -1);
      else if (sign >= ' ' && dialogue.typed.length < MAX_LINE)
        dialogue.typed += dialogue.expects === 'account' ? sign : '*';
      continue;
    }
    if (dialogue.typed === '') continue;
    if (dialogue.expects === 'account') dialogue.candidate = cleanText(decodeLine(dialogue.typed), MAX_LINE);
    else {
      // Something else in between: what was typed before need not be the account.
      dialogue.candidate = '';
      if (dialogue.expects === 'password') facts = { ...facts, password: { account: dialogue.account } };
    }
    dialogue.typed = '';
    dialogue.expects = 'nothing';
  }
  return facts;
}

function takeBanner(dialogue: Dialogue): DialogueFacts {
  const lines = (dialogue.banner ?? '').split(/[\r\n]+/).map((line) => cleanText(line));
  dialogue.banner = undefined;
  const last = lines.at(-1) ?? '';
  if (LOGIN.test(last) || PASSWORD.test(last)) lines.pop();
  const banner = cleanText(decodeLine(lines.filter(Boolean).join(' ')));
  dialogue.isCisco = banner.includes('User Access Verification');
  return banner ? { banner } : NOTHING;
}

/** Says what came to light, of the server. `what`: "Telnet password". */
export function tellDialogue(facts: DialogueFacts, what: string, say: Saying<Kind>, { server }: Conversation): void {
  const { banner, host, password } = facts;
  if (banner) {
    say.fact(server, 'service.banner', banner, 'text before the login');
    tellBanner(readBanner(banner), server, 'text before the login', say.fact);
  }
  if (host) say.fact(server, 'device.hostname', host, 'prompt');
  if (!password) return;
  const value = { what, ...(password.account ? { account: password.account } : {}) };
  say.fact(server, 'credential.cleartext', value, 'answer to a prompt for a password');
}

export const TYPED = 'what was typed, which may be a password';
/** What a server sends on the line of a prompt for a password: some show what is typed. */
export function findEcho(text: string, from: number, dialogue: Dialogue): SecretRange[] {
  if (!PASSWORD.test(dialogue.prompt)) return [];
  const end = text.search(/[\r\n]/);
  const length = end < 0 ? text.length : end;
  return length > 0 ? [{ from, to: from + length, what: TYPED }] : [];
}
