// What the product fields of HTTP and SSDP (`Server`, `User-Agent`) say of the device. Most name a program; listed are the
// forms in which makers put model, version or serial number at a fixed place, and makers who begin with their name.
import type { Subject } from '@interlock/model';
import type { Say } from '../../protocol.ts';

/** What a form may state, by the name of its group. */
const PRODUCT_FACTS = {
  vendor: 'device.vendor',
  model: 'device.model',
  order: 'device.order-number',
  serial: 'device.serial',
  firmware: 'device.firmware',
  type: 'device.type',
  os: 'device.os',
  build: 'device.os-build',
} as const;
type ProductFact = keyof typeof PRODUCT_FACTS;
type ProductKind = (typeof PRODUCT_FACTS)[ProductFact];
/** For `tells` of a protocol that calls `tellProduct`. */
export const PRODUCT_KINDS = Object.values(PRODUCT_FACTS);

type Stated = { readonly [Name in ProductFact]?: string | undefined };

interface Dialect {
  /** Named groups are parts of what it states. */
  readonly form: RegExp;
  readonly states?: Stated;
}

const DIALECTS: readonly Dialect[] = [
  // "HP HTTP Server; HP Officejet Pro 8600 - CM749A; Serial Number: CN2BTCQ0YZ; ... Built:Tue Apr 19, 2016 {..., ASIC}".
  {
    form: /^(?<vendor>HP) HTTP Server; (?<model>[^;]{1,80}?)(?: - (?<order>[A-Z\d]{5,7}))?; Serial Number: (?<serial>[A-Z\d]{6,20});/,
    states: { type: 'Printer' },
  },
  // "Linux UPnP/1.0 Sonos/57.3-79060 (ZPS9)", also as a user agent.
  { form: /^Linux UPnP\/1\.\d (?<vendor>Sonos)\/(?<firmware>[\d.-]+) \((?<model>ZP\w+)/ },
  // "FRITZ!Box 7490 UPnP/1.0 AVM FRITZ!Box 7490 113.07.29".
  { form: /UPnP\/1\.\d (?<vendor>AVM) (?<model>FRITZ!\S+ [^()]{1,40}?)(?: \(UI\))? (?<firmware>\d+\.\d+\.\d+)$/ },
  // "Dalvik/2.1.0 (Linux; U; Android 5.1.1; SM-N7505 Build/LMY47X)": written by Android, not by the program.
  { form: /^Dalvik\/[\d.]+ \(Linux; U; (?<os>Android [\d.]+); (?<model>[^;)]{1,60}?) Build\/(?<build>[\w.-]+)\)/ },
  { form: /^Schneider-WEB\b/, states: { vendor: 'Schneider Electric' } },
  { form: /^A-B WWW\//, states: { vendor: 'Allen-Bradley' } },
  { form: /^KM-MFP-http\//, states: { vendor: 'Kyocera', type: 'Printer' } },
  { form: /^Xerox_MicroServer\//, states: { vendor: 'Xerox', type: 'Printer' } },
  { form: /^Lexmark_Web_Server/, states: { vendor: 'Lexmark', type: 'Printer' } },
  { form: /^EPSON(?:-HTTP|_Linux)/, states: { vendor: 'EPSON' } },
  { form: /^CANON HTTP Server/, states: { vendor: 'Canon' } },
  { form: /^HP-iLO-Server\//, states: { vendor: 'HP' } },
  { form: /^ZyXEL-RomPager\//, states: { vendor: 'ZyXEL' } },
  { form: /^(?:cisco-IOS|Cisco AWARE)/i, states: { vendor: 'Cisco' } },
  {
    form: /^(?<vendor>Siemens|Rockwell Automation|WAGO|Moxa|Hirschmann|Phoenix Contact|Beckhoff|Lantronix|Zebra Technologies|Honeywell|Festo|Turck|Bosch Rexroth|Omron|Keyence|Cognex|Yokogawa|Pilz|Balluff|Datalogic|Digi International|Advantech|Westermo|Grandstream|Polycom|Yealink|Aastra|Mitel|Hikvision|VIVOTEK|MOBOTIX|TP-LINK|D-Link|NETGEAR|Ubiquiti|MikroTik|DrayTek|SonicWALL|QNAP|Synology)(?=$|[ ,;:/_-])/i,
  },
];

/** Says what a product field states beyond doubt of the device that sent it; nothing where it names a program only. */
export function tellProduct(text: string, subject: Subject, source: string, say: Say<ProductKind>): void {
  if (text === '') return;
  for (const { form, states } of DIALECTS) {
    const found = form.exec(text);
    if (!found) continue;
    const stated: Stated = { ...states, ...found.groups };
    for (const name in PRODUCT_FACTS) {
      const value = stated[name as ProductFact];
      if (value !== undefined) say(subject, PRODUCT_FACTS[name as ProductFact], value, source);
    }
    return;
  }
}
