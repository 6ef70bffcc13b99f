// NUT: a server that watches uninterruptible power supplies, and who asks it. It tells maker, model and serial number of
// each supply behind it; logins cross in clear.
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedText } from '../../stated.ts';

/** Longest line: values have up to 256 characters, their descriptions a little more. */
const MAX_LINE = 1024;

interface Nut {
  readonly fromServer: boolean;
  /** The words of the line, quotes taken off; a password is not among them. */
  readonly words: readonly string[];
}
interface State {
  account: string;
}
const TELLS = [
  'device.vendor',
  'device.model',
  'device.serial',
  'device.firmware',
  'device.description',
  'device.location',
  'device.software',
  'credential.cleartext',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const nut = protocol({
  name: 'nut',
  title: 'Network UPS Tools',
  spec: 'RFC 9271',
  depth: 'full',
  on: { tcp: [3493] },
  tells: TELLS,

  open: (): State => ({ account: '' }),
  frame: (reader, { fromClient }) => lengthOf(reader, fromClient),

  read(reader, { fromClient }): Nut | undefined {
    if (lengthOf(reader, fromClient) <= 0) return undefined;
    const line = reader.text(reader.left, 'utf8').trim();
    const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    const shown = words[0]?.toUpperCase() === 'PASSWORD' ? words.slice(0, 1) : words.slice(0, 8);
    return {
      fromServer: !fromClient,
      words: shown.map((word) => cleanText(word.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1'), 256)),
    };
  },

  secrets: (reader) => findPassword(reader),

  observe({ fromServer, words }, say, conversation: Conversation<State>) {
    if (fromServer) sayAnswer(words, say, conversation);
    else sayRequest(words, say, conversation);
  },
});

function sayAnswer(words: readonly string[], say: Says, conversation: Conversation<State>): void {
  const [kind = '', name = '', variable = '', value = ''] = words;
  if (name === '' || /[^\w.-]/.test(name)) return;
  if (kind === 'UPS')
    say.fact(conversation.part(conversation.server, 'ups', name), 'device.description', statedText(variable), 'UPS');
  if (kind !== 'VAR' || !Object.hasOwn(VARIABLES, variable)) return;
  const fact = VARIABLES[variable];
  if (fact) say.fact(conversation.part(conversation.server, 'ups', name), fact, statedText(value), variable);
}

function sayRequest(words: readonly string[], say: Says, { server, state }: Conversation<State>): void {
  const [verb = '', one = '', two = '', three = ''] = words;
  switch (verb.toUpperCase()) {
    case 'USERNAME':
      state.account = one;
      return;
    case 'PASSWORD': {
      const account = state.account;
      say.fact(server, 'credential.cleartext', { what: 'NUT password', ...(account ? { account } : {}) }, 'PASSWORD');
      say.operation('log in', 'authentication');
      return;
    }
    case 'SET':
      if (one.toUpperCase() === 'VAR')
        say.operation('set a value of a UPS', 'configure', { detail: `${two} ${three}` });
      return;
    case 'INSTCMD': {
      const isPower = /^(?:shutdown|load\.|outlet\..*(?:off|on|cycle)|reset\.power)/i.test(two);
      say.operation(isPower ? 'switch power of a UPS' : 'command a UPS', isPower ? 'mode' : 'configure', {
        detail: `${one} ${two}`,
      });
      return;
    }
    case 'FSD':
      say.operation('shut down what a UPS feeds', 'mode', { detail: one });
  }
}

const VARIABLES: Readonly<Record<string, Exclude<(typeof TELLS)[number], 'credential.cleartext' | 'operation'>>> = {
  'device.mfr': 'device.vendor',
  'device.model': 'device.model',
  'device.serial': 'device.serial',
  'device.location': 'device.location',
  'ups.mfr': 'device.vendor',
  'ups.model': 'device.model',
  'ups.serial': 'device.serial',
  'ups.firmware': 'device.firmware',
  'driver.name': 'device.software',
};

const REQUESTS =
  /^(?:USERNAME|PASSWORD|LOGIN|LOGOUT|PRIMARY|MASTER|FSD|GET|SET|LIST|INSTCMD|HELP|VER|NETVER|PROTVER|STARTTLS)(?:\s|$)/i;
const ANSWERS =
  /^(?:OK|ERR|VAR|UPS|BEGIN|END|RW|CMD|ENUM|RANGE|CLIENT|TYPE|DESC|CMDDESC|UPSDESC|NUMLOGINS|Commands:|Network UPS Tools|1\.\d)(?:\s|$)/;

/** One line that begins with a word of this end. */
function lengthOf(reader: Reader, fromClient: boolean): number {
  const { view, at } = reader;
  const most = Math.min(reader.left, MAX_LINE);
  let end = 0;
  while (end < most && view.getUint8(at + end) !== 0x0a) end++;
  if (end === most && reader.left >= MAX_LINE) return NOT_MINE;
  let start = '';
  for (let n = 0; n < Math.min(end, 24); n++) start += String.fromCharCode(view.getUint8(at + n));
  if (end === most) return /^[A-Za-z1]/.test(start) ? NEED_MORE : NOT_MINE;
  return (fromClient ? REQUESTS : ANSWERS).test(start) ? end + 1 : NOT_MINE;
}

function findPassword(reader: Reader): SecretRange[] {
  const found = /^\s*PASSWORD[ \t]+([^\r\n]*)/di.exec(reader.text(Math.min(reader.left, MAX_LINE)));
  const [from, to] = found?.indices?.[1] ?? [0, 0];
  return to > from ? [{ from, to, what: 'NUT password' }] : [];
}
