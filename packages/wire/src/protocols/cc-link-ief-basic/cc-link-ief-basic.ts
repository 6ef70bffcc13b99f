// CC-Link IE Field Basic: a master asks all its slaves at once, a few hundred times a second, and each answers with its
// inputs. What the data mean only the project knows; who is master and who slave is plain.
import type { FactKind } from '@interlock/model';
import { type Conversation, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';

const TELLS = ['service.role'] as const satisfies readonly FactKind[];

export const ccLinkIefBasic = protocol({
  name: 'cc-link-ief-basic',
  title: 'CC-Link IE Field Basic cyclic data',
  spec: 'CC-Link Partner Association BAP-C2010 (CC-Link IE Field Network Basic), cyclic request and response',
  depth: 'identity',
  on: { udp: [61450, 61452] },
  tells: TELLS,
  recognise: (reader) => isRequest(reader) || isAnswer(reader),
  firstBytes: [0x50, 0xd0],
  open: () => ({ master: false, slave: false }),
  read: (reader) => (isRequest(reader) ? FROM_MASTER : isAnswer(reader) ? FROM_SLAVE : undefined),
  observe(message, say, conversation: Conversation<State>) {
    const { state, sender } = conversation;
    if (message === FROM_MASTER && !state.master) {
      state.master = true;
      say.fact(sender, 'service.role', 'CC-Link IE Field Basic master', 'cyclic request');
    } else if (message === FROM_SLAVE && !state.slave) {
      state.slave = true;
      say.fact(sender, 'service.role', 'CC-Link IE Field Basic slave', 'cyclic response');
    }
  },
});

/** What was already said of the two ends. */
interface State {
  master: boolean;
  slave: boolean;
}
interface Cyclic {
  readonly fromMaster: boolean;
}
const FROM_MASTER: Cyclic = { fromMaster: true };
const FROM_SLAVE: Cyclic = { fromMaster: false };

/** A frame of SLMP for the own station; its length counts from behind it. */
function isFrame(reader: Reader, subheader: number): boolean {
  return (
    reader.peek16() === subheader &&
    reader.peek16(2) === 0x00ff &&
    reader.peek16(4) === 0xff03 &&
    reader.peek(6) === 0 &&
    (reader.peek(7) | (reader.peek(8) << 8)) === reader.end - reader.at - 9
  );
}
/** Monitoring timer 0, command 0x0e70, sub-command 0, then the version of the protocol, which is low. */
const isRequest = (reader: Reader): boolean =>
  isFrame(reader, 0x5000) && reader.peek16(11) === 0x700e && reader.peek16(13) === 0 && isVersion(reader, 15);
/** End code of SLMP, which is 0, version, end code of the cyclic data, where those begin, then nothing for long. */
const isAnswer = (reader: Reader): boolean =>
  isFrame(reader, 0xd000) &&
  reader.peek16(9) === 0 &&
  isVersion(reader, 11) &&
  reader.peek16(15) === CYCLIC_DATA_AT &&
  reader.end - reader.at >= SHORTEST_ANSWER;
const isVersion = (reader: Reader, at: number): boolean =>
  reader.peek(at) >= 1 && reader.peek(at) <= MAX_VERSION && reader.peek(at + 1) === 0;
const MAX_VERSION = 9;
/** 40 in little endian: the data follow 40 bytes behind the version. */
const CYCLIC_DATA_AT = 0x2800;
/** Head, notice of the slave and 72 bytes of data for one station (64 bits and 32 words, there and back). */
const SHORTEST_ANSWER = 60;
