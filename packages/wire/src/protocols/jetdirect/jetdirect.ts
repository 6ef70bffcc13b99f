// Raw printing (port 9100): print jobs go one way, and printers answer questions in between. Office printers speak PJL,
// label printers ZPL and its variables; both tell model, firmware and serial number when asked.
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { type AnswerFact, PRINTER_KINDS, readAnswer } from './answers.ts';

/** Longest line of a question, and longest answer: a list of variables has up to 8 KiB. */
const MAX_LINE = 1024;
const MAX_ANSWER = 16 * 1024;
/** Questions remembered until their answers come. */
const MAX_WAITING = 32;

interface Jetdirect {
  readonly kind: 'question' | 'answer' | 'job' | 'other';
  /** The line of a question, without what may be secret. */
  readonly command: string;
  readonly facts: readonly AnswerFact[];
  readonly hasPassword: boolean;
}
interface State {
  /** Names of variables that were asked for, in order: their answers come without. */
  readonly asked: string[];
}
const TELLS = ['credential.cleartext', 'operation', ...PRINTER_KINDS] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const jetdirect = protocol({
  name: 'jetdirect',
  title: 'Raw printing with PJL, ZPL and SGD',
  spec: 'HP Printer Job Language Technical Reference; Zebra ZPL II and Set-Get-Do programming guides',
  depth: 'full',
  on: { tcp: [9100, 9101, 9102, 6101] },
  tells: TELLS,

  firstBytes: [0x1b, 0x40], // escape, @
  recognise(reader) {
    const start = reader.text(Math.min(reader.left, 32));
    return /^@PJL[ \r\n]/.test(start.startsWith(UEL) ? start.slice(UEL.length) : start);
  },

  open: (): State => ({ asked: [] }),
  frame: (reader, conversation) => (conversation.fromClient ? frameRequest(reader) : frameAnswer(reader)),

  read(reader, conversation): Jetdirect | undefined {
    const { state, fromClient } = conversation;
    if (!fromClient) {
      if (frameAnswer(reader) < 0) return undefined;
      const text = reader.text(Math.min(reader.left, MAX_ANSWER));
      const variable = text.startsWith('"') ? (state.asked.shift() ?? '') : '';
      return { ...NOTHING, kind: 'answer', facts: readAnswer(text, variable) };
    }
    const start = reader.text(Math.min(reader.left, MAX_LINE));
    if (/^(?:@PJL|~H|! U1 )/.test(start)) {
      const variable = /^! U1 getvar "([\w.]{1,80})"/i.exec(start)?.[1];
      if (variable !== undefined && state.asked.length < MAX_WAITING) state.asked.push(variable.toLowerCase());
      const hasPassword = (PASSWORD.exec(start)?.groups?.secret ?? '0') !== '0';
      return { ...NOTHING, kind: 'question', command: cleanText(start.replace(PASSWORD, '$1'), 128), hasPassword };
    }
    if (start === UEL || start.trim() === '') return NOTHING;
    if (!isJob(start)) return undefined;
    // Of a job nothing is read, and it is the last that a connection carries; answers may still be on their way.
    conversation.skip(REST);
    return JOB_MESSAGE;
  },

  secrets: (reader) => findPassword(reader),

  observe({ kind, command, facts, hasPassword }, say, { server }: Conversation<State>) {
    if (kind === 'question') {
      if (hasPassword) say.fact(server, 'credential.cleartext', { what: 'PJL password' }, 'PJL command');
      sayCommand(command, say);
    }
    for (const { kind: fact, value, source } of facts) say.fact(server, fact, value, source);
  },
});

/** All that comes: more bytes than any connection has. */
const REST = 2 ** 50;
const UEL = '\x1b%-12345X';
/** How print jobs begin: PostScript, PDF, ZPL, EPL, CPCL; those of PCL and ESC/P begin with an escape. */
const JOB = /^(?:%!|%PDF-|\^XA|\^XF|~[A-Z]{2}|N\r?\n|! 0 |\xcd\xca)/;
const isJob = (start: string): boolean => (start.startsWith('\x1b') && start.length > 1) || JOB.test(start);
const PASSWORD = /(@PJL[^\r\n]*?\bPASSWORD[ \t]*=[ \t]*)(?<secret>"[^"\r\n]*"?|[^\s"]+)/i;
const NOTHING: Jetdirect = { kind: 'other', command: '', facts: [], hasPassword: false };
const JOB_MESSAGE: Jetdirect = { ...NOTHING, kind: 'job' };

/** A line of PJL or SGD, three signs of ZPL, the sequence that ends a job, empty lines, or a job to its end. */
function frameRequest(reader: Reader): number {
  const { view, at } = reader;
  let start = '';
  for (let n = 0; n < Math.min(reader.left, 9); n++) start += String.fromCharCode(view.getUint8(at + n));
  if (start.startsWith(UEL)) return UEL.length;
  if (start.length < UEL.length && UEL.startsWith(start)) return NEED_MORE;
  if (/^[\r\n]/.test(start)) return 1;
  if (/^~H/.test(start)) return start.length < 3 ? NEED_MORE : 3;
  if (!/^(?:@PJL|! U1 )/.test(start)) {
    if (start.length < 5 && ('@PJL'.startsWith(start) || '! U1 '.startsWith(start) || start === '~')) return NEED_MORE;
    return isJob(start) ? reader.left : NOT_MINE;
  }
  for (let n = 0; n < Math.min(reader.left, MAX_LINE); n++) if (view.getUint8(at + n) === 0x0a) return n + 1;
  return reader.left < MAX_LINE ? NEED_MORE : NOT_MINE;
}

/** Answers of PJL end with a form feed, those of ZPL stand between two signs, values of SGD between quotes. */
function frameAnswer(reader: Reader): number {
  const first = reader.peek();
  const isPjl = first === 0x40;
  if (first === 0x0d || first === 0x0a) return 1;
  const last = isPjl ? 0x0c : first === 2 ? 3 : first === 0x22 ? 0x22 : -1;
  if (last < 0 || (isPjl && reader.left >= 4 && reader.peek(1) !== 0x50)) return NOT_MINE;
  for (let n = 1; n < Math.min(reader.left, MAX_ANSWER); n++) if (reader.peek(n) === last) return n + 1;
  return reader.left < MAX_ANSWER ? NEED_MORE : NOT_MINE;
}

/** Commands that change the printer or reach its files; questions and jobs are what a printer is for. */
function sayCommand(command: string, say: Says): void {
  const verb = /^@PJL (FSDOWNLOAD|FSUPLOAD|FSDELETE|FSMKDIR|FSINIT|DEFAULT|INITIALIZE|RESET)\b/i.exec(command)?.[1];
  if (verb !== undefined) {
    const isFile = /^FS/i.test(verb);
    say.operation(
      isFile ? 'reach a file of the printer' : 'change a setting of the printer',
      isFile ? 'file' : 'configure',
      {
        detail: command,
      },
    );
  } else if (/^! U1 (?:setvar|do)\b/i.test(command))
    say.operation('change a setting of the printer', 'configure', { detail: command });
}

function findPassword(reader: Reader): SecretRange[] {
  const text = reader.text(Math.min(reader.left, MAX_LINE));
  const found = PASSWORD.exec(text);
  const secret = found?.groups?.secret;
  if (!found || secret === undefined) return [];
  const from = found.index + (found[1]?.length ?? 0);
  return [{ from, to: from + secret.length, what: 'PJL password' }];
}
