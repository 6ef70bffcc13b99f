// Discovery of Crestron's control systems: who is asked, by broadcast or alone, answers with host name, model, firmware
// and adapter address.

import { isGivenName } from '../../names.ts';
import { protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Crestron {
  readonly kind: 'question' | 'answer' | 'rename';
  readonly name: string;
  readonly description: string;
}

const QUESTION = 0x14;
const ANSWER = 0x15;
const RENAME = 0x18;
/** Host names stand in fields of this size, filled with zeros. */
const NAME_SIZE = 256;
const MAX_DESCRIPTION = 400;

/** "CP3 Cntrl Eng [v1.601.3934.19631 (Oct 10 2019), #00A3BBE7] @E-00107f4a3474": the numbers are the third group. */
const DESCRIPTION =
  /^(?<model>[\w-]{2,40})(?: [^[\]]{0,40})? ?\[v(?<firmware>\d[\w.]{1,40})[^[\]]{0,60}\](?:.{0,4}@E-(?<mac>[0-9a-f]{12}))?/i;

export const crestron = protocol({
  name: 'crestron',
  title: 'Crestron device discovery',
  spec: 'Crestron control systems (no public document)',
  depth: 'full',
  on: { udp: [41794] },
  tells: ['device.vendor', 'device.model', 'device.firmware', 'device.hostname', 'address.announced-mac', 'operation'],

  read(reader): Crestron | undefined {
    const type = reader.u8();
    if (type === RENAME) return readRename(reader);
    // Three zeros, then words that have always been these.
    if ((type !== QUESTION && type !== ANSWER) || reader.u24() !== 0 || reader.u16() !== 0x0104) return undefined;
    if (reader.u16() !== 0x0003 || reader.u16() !== 0) return undefined;
    if (reader.left < NAME_SIZE) return undefined;
    const name = cleanText(reader.text(NAME_SIZE), 63);
    if (type === QUESTION) return { kind: 'question', name, description: '' };
    const description = cleanText(
      reader.text(Math.min(MAX_DESCRIPTION, reader.left)).replace(/\0+(?=.)/g, ' '),
      MAX_DESCRIPTION,
    );
    return { kind: 'answer', name, description };
  },

  observe({ kind, name, description }, say, { sender, toGroup, receiver }) {
    if (kind === 'rename' && !toGroup)
      return say.operation('set host name', 'configure', { from: sender, to: receiver, detail: name });
    if (kind !== 'answer') return;
    say.fact(sender, 'device.vendor', 'Crestron', 'discovery answer');
    if (isGivenName(name)) say.fact(sender, 'device.hostname', name, 'discovery answer, host name');
    const found = DESCRIPTION.exec(description)?.groups;
    if (!found) return;
    say.fact(sender, 'device.model', found['model'] ?? '', 'discovery answer, description');
    say.fact(sender, 'device.firmware', found['firmware'] ?? '', 'discovery answer, description');
    say.fact(sender, 'address.announced-mac', statedMac(found['mac'] ?? ''), 'discovery answer, description');
  },
});

/** A new name, with its length before it. */
function readRename(reader: Reader): Crestron | undefined {
  if (reader.u24() !== 0 || reader.u16() !== reader.left || reader.left === 0 || !reader.ok) return undefined;
  return { kind: 'rename', name: cleanText(reader.text(Math.min(NAME_SIZE, reader.left)), 63), description: '' };
}
