// What a TwinCAT system says of the computer it runs on: an XML text, in the answer to index group 700. Elements stand one
// in another without attributes, so that looking for their names is enough.
import { cleanText } from '../../reader.ts';
import { statedText } from '../../stated.ts';

export interface TargetDescription {
  readonly model: string;
  readonly serial: string;
  readonly cpuVersion: string;
  readonly twincat: string;
  readonly os: string;
}

/** In: the text. Out: what it states, with empty texts for what it does not; undefined where it is something else. */
export function readTargetDescription(xml: string): TargetDescription | undefined {
  if (!xml.startsWith('<TcTargetDesc>')) return undefined;
  const element = (name: string) => {
    const from = xml.indexOf(`<${name}>`);
    const to = from < 0 ? -1 : xml.indexOf('<', from + name.length + 2);
    return to < 0 ? '' : statedText(xml.slice(from + name.length + 2, to), 64);
  };
  // "Version" and "Revision" are the first of their name: those of TwinCAT.
  const version = [element('Version'), element('Revision'), element('Build')];
  const name = element('OsName');
  return {
    model: element('TargetType'),
    serial: element('SerialNo'),
    cpuVersion: element('CPUVersion'),
    twincat: version.every((part) => /^\d+$/.test(part)) ? `TwinCAT ${version.join('.')}` : '',
    os: name ? cleanText(`${name} ${element('OsVersion')}`) : '',
  };
}
