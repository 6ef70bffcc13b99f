// How SIP devices name themselves in `User-Agent` and `Server`: maker, model, version and often the MAC address. A text
// that fits none of the forms is kept as it is and says nothing more.
import type { Subject } from '@interlock/model';
import type { Say } from '../../protocol.ts';
import { statedMac } from '../../stated.ts';

const KINDS = {
  vendor: 'device.vendor',
  model: 'device.model',
  firmware: 'device.firmware',
  software: 'device.software',
  type: 'device.type',
  mac: 'address.announced-mac',
} as const;
type AgentFact = keyof typeof KINDS;
/** For `tells` of a protocol that calls `tellAgent`, without the addresses. */
export const AGENT_KINDS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.software',
  'device.type',
] as const;

interface Dialect {
  /** Named groups are what it states. */
  readonly form: RegExp;
  readonly states?: { readonly [Name in AgentFact]?: string };
}
const PHONE = { type: 'Phone' };

const DIALECTS: readonly Dialect[] = [
  {
    form: /^(?<vendor>Yealink) (?<model>(?:SIP-)?[A-Z]{1,3}\d+\w*) (?<firmware>\d+(?:\.\d+)+)(?: (?<mac>[\da-f:]{12,17}))?/i,
    states: PHONE,
  },
  { form: /^(?<vendor>Grandstream) (?<model>[A-Z]{2,3}\d{3,4}\w*) (?:V\d\S* )?(?<firmware>\d+(?:\.\d+)+)/i },
  { form: /^(?<vendor>Cisco)-(?<model>CP-?\d{4}\w*)\/(?<firmware>[\d.]+\S*)/i, states: PHONE },
  { form: /^(?<vendor>Cisco|Linksys|Sipura)\/(?<model>(?:SPA|PAP|WIP)\d\w*)-(?<firmware>[\d.]+\S*)/i, states: PHONE },
  { form: /^(?<vendor>Cisco)-SIPGateway\/(?<firmware>IOS\S*)/i },
  { form: /^(?<vendor>snom) ?(?<model>[A-Z]?\d{3}\w*)\/(?<firmware>[\d.]+)/i, states: PHONE },
  {
    form: /^(?<vendor>Polycom|Poly)\w*-(?<model>[A-Z]{2,5}_?[\w]+?)-UA\/(?<firmware>[\d.]+)(?:_(?<mac>[\da-f]{12}))?/i,
    states: PHONE,
  },
  { form: /^(?<vendor>Aastra|Mitel) (?:MiVoice )?(?<model>\d{4}\w*)\/(?<firmware>[\d.]+)/i, states: PHONE },
  { form: /^(?<vendor>Fanvil) (?<model>[A-Z]{1,3}\d\w*) (?<firmware>[\d.]+)(?: (?<mac>[\da-f]{12}))?/i, states: PHONE },
  { form: /^(?<vendor>Gigaset) (?<model>[A-Z]{1,3}\d{3}[\w ]*?)\/(?<firmware>[\d.]+)/i, states: PHONE },
  {
    form: /^(?<vendor>Panasonic)[_-](?<model>KX-\w+)\/(?<firmware>[\d.]+)(?: \((?<mac>[\da-f]{12})\))?/i,
    states: PHONE,
  },
  { form: /^(?<vendor>Obihai)\/(?<model>OBi\d+\w*)-(?<firmware>[\d.]+)/i },
  { form: /^(?<vendor>AVM) (?<model>FRITZ!Box \w+(?: Cable)?) (?<firmware>\d+\.\d+\.\d+)/ },
  { form: /^(?<vendor>AXIS) (?<model>[A-Z]\d{4}(?:-\w+)*)\b/ },
  { form: /^(?<vendor>2N) (?<model>(?:Helios )?IP [A-Z]\w*)/i },
  { form: /^(?<vendor>Algo)[- ](?<model>\d{4}\w*)\/(?<firmware>[\d.]+)/i },
  { form: /^(?<vendor>Htek) (?<model>UC\d+\w*) V?(?<firmware>[\d.]+)/i, states: PHONE },
  {
    form: /^(?<software>(?:Asterisk PBX|FPBX|FreeSWITCH|Kamailio|OpenSIPS|3CX\w*|Linphone\w*|MicroSIP|Zoiper)[^,;]{0,80})/i,
  },
];

/** Says what a product name states beyond doubt of the device that sent it. */
export function tellAgent(
  text: string,
  subject: Subject,
  source: string,
  say: Say<(typeof AGENT_KINDS)[number] | 'address.announced-mac'>,
): void {
  for (const { form, states } of DIALECTS) {
    const found = form.exec(text);
    if (!found) continue;
    const stated: Readonly<Record<string, string | undefined>> = { ...states, ...found.groups };
    for (const name in KINDS) {
      const kind = KINDS[name as AgentFact];
      const value = stated[name] ?? '';
      if (value !== '') say(subject, kind, kind === 'address.announced-mac' ? statedMac(value) : value, source);
    }
    return;
  }
}
