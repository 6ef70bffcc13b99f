// SMB 2 and 3 (MS-SMB2): negotiation, session setup, shares and files. Messages are chained by an offset in their header;
// lists of fields have fixed places, texts and tokens are found by their offset from the header.
import type { Conversation } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { expectAnswer, purposeOfOpen, type SmbMessage, type State, shareOf, takeAnswer } from './message.ts';
import { readNtlmssp } from './ntlmssp.ts';

/** Requests chained in one message. */
const MAX_CHAIN = 16;

const COMMAND = { negotiate: 0, sessionSetup: 1, treeConnect: 3, create: 5 } as const;
const STATUS_MORE_PROCESSING = 0xc0000016;

const SESSION_GUEST = 0x0001;
const SESSION_NULL = 0x0002;
const SESSION_ENCRYPTED = 0x0004;

const DIALECTS: Record<number, string> = {
  514: 'SMB 2.0.2',
  528: 'SMB 2.1',
  768: 'SMB 3.0',
  770: 'SMB 3.0.2',
  785: 'SMB 3.1.1',
};

/** Reads a chain of messages that starts with 0xFE 'SMB'. Undefined where the first header does not fit. */
export function readSmb2(reader: Reader, conversation: Conversation<State>): SmbMessage | undefined {
  const message: SmbMessage = {};
  for (let i = 0; i < MAX_CHAIN; i++) {
    const header = reader.at;
    const isMessage = reader.u32() === 0xfe534d42 && reader.u16le() === 64;
    reader.skip(2);
    const status = reader.u32le();
    const command = reader.u16le();
    reader.skip(2);
    const isResponse = (reader.u32le() & 1) !== 0;
    const next = reader.u32le();
    const id = Number(reader.u64le() & 0xffffffffn);
    reader.skip(32);
    if (!isMessage || !reader.ok) return i === 0 ? undefined : message;
    if (isResponse) readAnswer(command, status, id, reader, header, message, conversation.state);
    else readRequest(command, id, reader, header, message, conversation);
    if (next < 64 || header + next >= reader.end) break;
    reader.ok = true;
    reader.at = header + next;
  }
  return message;
}

/** Bytes of a field told by its offset from the header and its length; none where they do not lie in the message. */
function fieldAt(reader: Reader, header: number, offset: number, length: number): Uint8Array {
  const at = header + offset;
  if (!reader.ok || offset < 64 || at + length > reader.end) return new Uint8Array(0);
  return new Uint8Array(reader.view.buffer, reader.view.byteOffset + at, length);
}

const wideText = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i + 1 < bytes.length && i < 512; i += 2)
    text += String.fromCharCode((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8));
  return cleanText(text, 256);
};

function readRequest(
  command: number,
  id: number,
  reader: Reader,
  header: number,
  message: SmbMessage,
  { state, frame, time }: Conversation<State>,
): void {
  reader.skip(2);
  if (command === COMMAND.sessionSetup) {
    reader.skip(10);
    const offset = reader.u16le();
    message.ntlm = readNtlmssp(fieldAt(reader, header, offset, reader.u16le()));
  } else if (command === COMMAND.treeConnect) {
    reader.skip(2);
    const offset = reader.u16le();
    const share = shareOf(wideText(fieldAt(reader, header, offset, reader.u16le())));
    if (share) expectAnswer(state, id, { what: '', kind: 'file', detail: '', share, frame, time });
  } else if (command === COMMAND.create) {
    reader.skip(22);
    const access = reader.u32le();
    reader.skip(8);
    const disposition = reader.u32le();
    const options = reader.u32le();
    const offset = reader.u16le();
    const name = wideText(fieldAt(reader, header, offset, reader.u16le()));
    const purpose = reader.ok ? purposeOfOpen(name, access, disposition, options) : undefined;
    if (purpose) expectAnswer(state, id, { ...purpose, detail: name, share: '', frame, time });
  }
}

function readAnswer(
  command: number,
  status: number,
  id: number,
  reader: Reader,
  header: number,
  message: SmbMessage,
  state: State,
): void {
  const answered = takeAnswer(state, id, status === 0);
  if (answered) message.answered = answered;
  reader.skip(2);
  if (command === COMMAND.negotiate && status === 0) {
    const mode = reader.u16le();
    const dialect = DIALECTS[reader.u16le()];
    if (!reader.ok) return;
    message.signing = mode & 2 ? 'required' : mode & 1 ? 'optional' : 'off';
    // 0x02FF only asks the client of several generations to negotiate once more.
    if (dialect) message.dialect = dialect;
  } else if (command === COMMAND.sessionSetup && (status === 0 || status === STATUS_MORE_PROCESSING)) {
    const flags = reader.u16le();
    const offset = reader.u16le();
    message.ntlm = readNtlmssp(fieldAt(reader, header, offset, reader.u16le()));
    if (status !== 0 || !reader.ok) return;
    if (flags & SESSION_GUEST) message.anonymous = 'SMB guest login';
    else if (flags & SESSION_NULL) message.anonymous = 'SMB null session';
    if (flags & SESSION_ENCRYPTED) message.encrypted = true;
  }
}
