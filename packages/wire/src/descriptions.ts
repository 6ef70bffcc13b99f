// What vendors write into the free-text description of a device: sysDescr of SNMP, the system description of LLDP, the
// version text of CDP. One entry per dialect; a text that fits none stays a description and says nothing more.
import type { Subject } from '@interlock/model';
import type { Say } from './protocol.ts';
import { cleanText } from './reader.ts';

/** What a description states, each as the device writes it. */
export interface Described {
  readonly vendor?: string;
  readonly model?: string;
  readonly orderNumber?: string;
  readonly hardware?: string;
  readonly firmware?: string;
  readonly serial?: string;
  readonly os?: string;
  readonly osBuild?: string;
  readonly type?: string;
}

const KINDS = {
  vendor: 'device.vendor',
  model: 'device.model',
  orderNumber: 'device.order-number',
  hardware: 'device.hardware-version',
  firmware: 'device.firmware',
  serial: 'device.serial',
  os: 'device.os',
  osBuild: 'device.os-build',
  type: 'device.type',
} as const satisfies Record<keyof Described, string>;
export type DescribedKind = (typeof KINDS)[keyof Described];
/** For `tells` of a protocol that calls `tellDescribed`. */
export const DESCRIBED_KINDS = Object.values(KINDS);

/** Says what a description states, of the device that sent it. */
export function tellDescribed(described: Described, subject: Subject, source: string, say: Say<DescribedKind>): void {
  for (const part in described) {
    const value = described[part as keyof Described];
    if (value) say(subject, KINDS[part as keyof Described], value, source);
  }
}

/** Longer descriptions are cut before they are matched: the longest known dialects end within 400 characters. */
const MAX_DESCRIPTION = 600;
const NOTHING: Described = {};

/** What a vendor's description states; an empty object where no dialect fits. In: the text, line breaks and all. */
export function readDescription(description: string): Described {
  const text = cleanText(description, MAX_DESCRIPTION).replace(/\s+/g, ' ');
  const structured = readCommaForm(text);
  if (structured) return structured;
  for (const { pattern, ...fixed } of DIALECTS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const { release, build, kernel, ...groups } = match.groups ?? {};
    const found: Record<string, string> = { ...fixed };
    for (const name in groups) if (groups[name]) found[name] = groups[name].trim();
    if (release && build) found['osBuild'] = `${release}.${build}`;
    if (kernel) found['os'] = `${fixed.os} ${kernel}`;
    return found;
  }
  return NOTHING;
}

/** A vendor's or family's first words in texts that leave the vendor out. */
const SIEMENS_FAMILY = /^(SIMATIC|SINAMICS|SCALANCE|SIPLUS|SIMOTION|SITOP|SENTRON|SIMOCODE)\b/i;
const ORDER_NUMBER = /^(?=.*\d)[\w .:/-]{4,30}$/;
const SERIAL = /^(?=.*\d)[\w .:/-]{5,30}$/;

/**
 * The form that the PROFINET guideline on identification recommends and Siemens, its partners and others use:
 * `Siemens, SIMATIC NET, SCALANCE XC208, 6GK5 208-0BA00-2AC2, HW: Version 2, FW: Version V04.04.00, SVPM1234567`.
 */
function readCommaForm(text: string): Described | undefined {
  const parts = text.split(/, ?/, 16);
  const hardwareAt = parts.findIndex((part) => /^HW[:. ]/i.test(part));
  const order = parts[hardwareAt - 1] ?? '';
  const model = parts[hardwareAt - 2] ?? '';
  const firmware = /^[FS]W[:. ] ?(?:Version )?(.*\d.*)$/i.exec(parts[hardwareAt + 1] ?? '')?.[1];
  if (hardwareAt < 2 || !firmware || !ORDER_NUMBER.test(order)) return undefined;
  const first = parts[0] ?? '';
  const vendor = SIEMENS_FAMILY.test(first) ? 'Siemens' : hardwareAt > 2 ? first : '';
  const hardware = /^HW[:. ] ?(?:Version )?(.+)$/i.exec(parts[hardwareAt] ?? '')?.[1];
  const serial = parts.slice(hardwareAt + 2).find((part) => SERIAL.test(part));
  return {
    ...(vendor ? { vendor } : {}),
    model,
    orderNumber: order,
    ...(hardware ? { hardware } : {}),
    firmware,
    ...(serial ? { serial } : {}),
  };
}

/**
 * One way of writing. Named groups are parts of `Described`; `release` and `build` make `osBuild`, `kernel` is put
 * behind `os`. The first that matches wins, so the narrower stands above the wider.
 */
interface Dialect extends Described {
  readonly pattern: RegExp;
}

const DIALECTS: readonly Dialect[] = [
  // Cisco. Images of Rockwell's Stratix switches (S5700 and relatives) are Cisco's system on another vendor's hardware.
  { os: 'Cisco IOS', pattern: /^Cisco IOS Software.*?\(S(?:2500|5[24578]\d0|8[03]00)-[\w-]+\), Version / },
  {
    vendor: 'Cisco',
    os: 'Cisco IOS XE',
    pattern: /^Cisco IOS (?:XE )?Software(?:,? \[\w+\]|.*?IOS-?XE).*?,? Version (?<firmware>[\w.()]+)/,
  },
  {
    vendor: 'Cisco',
    os: 'Cisco IOS',
    pattern:
      /^Cisco (?:IOS|Internetwork Operating System) Software\b.*? Software \([\w-]+\), Version (?<firmware>[^\s,]+)/,
  },
  {
    vendor: 'Cisco',
    os: 'Cisco IOS XR',
    pattern: /^Cisco IOS XR Software.*? Version (?<firmware>\d[^\s,[]*)/,
  },
  {
    vendor: 'Cisco',
    os: 'Cisco NX-OS',
    pattern: /^Cisco (?:NX-OS|Nexus Operating System)\b.*?, Version (?<firmware>[^\s,]+)/,
  },
  { vendor: 'Cisco', os: 'Cisco ASA', pattern: /^Cisco Adaptive Security Appliance Version (?<firmware>\S+)/ },
  {
    vendor: 'Cisco',
    os: 'CatOS',
    pattern:
      /^Cisco Systems,? (?:Inc\. )?(?<model>WS-\S+) Cisco Catalyst Operating System Software, Version (?<firmware>[^\s,]+)/,
  },
  {
    vendor: 'Cisco',
    type: 'Phone',
    pattern: /^Cisco IP Phone (?<model>(?:CP-)?\d{4}\w*), ?V(?<hardware>\d*), ?(?<firmware>(?:SCCP|SIP|sip)\S+)/,
  },
  { vendor: 'Cisco', pattern: /^(?<model>S[FGX]\d{3}\w*-\w+) \d+-Port .*Switch/ },

  // Other vendors of network equipment.
  {
    vendor: 'Juniper Networks',
    os: 'JUNOS',
    pattern: /^Juniper Networks, Inc\. (?<model>\S+) .*?kernel JUNOS (?<firmware>[^\s,#]+)/,
  },
  {
    vendor: 'Arista Networks',
    os: 'EOS',
    pattern: /^Arista Networks EOS version (?<firmware>\S+) running on an Arista (?:Networks )?(?<model>\S+)/,
  },
  {
    pattern:
      /^(?<vendor>HPE?|Aruba) (?<orderNumber>J[A-Z]?\d{3,4}\w) (?<model>.+?),? revision (?<firmware>[A-Z]+\.[\w.]+), ROM/,
  },
  {
    vendor: 'Hewlett-Packard (HP)',
    pattern: /^(?:HP )?ProCurve (?<orderNumber>J\d{4}\w)? ?(?<model>.*?),? revision (?<firmware>[A-Z]+\.[\w.]+), ROM/,
  },
  {
    vendor: 'Aruba',
    os: 'ArubaOS-CX',
    pattern: /^Aruba (?<orderNumber>\w{4}\dA) (?<model>\S+) +(?<firmware>[A-Z]{2}\.\d\d\.\S+)$/,
  },
  { vendor: 'Aruba', os: 'ArubaOS', pattern: /^ArubaOS \(MODEL: (?<model>[^)]+)\), Version (?<firmware>\S+)/ },
  {
    os: 'Comware',
    pattern:
      /^(?<vendor>HPE?|H3C|3Com) Comware (?:Platform )?Software, (?:Software )?Version (?<firmware>[\d.]+,? Release \w+)/,
  },
  {
    vendor: 'Huawei',
    os: 'VRP',
    pattern:
      /Huawei Versatile Routing Platform Software,? VRP \(R\) software, ?Version [\d.]+ \((?<model>\S+) (?<firmware>V\d{3}R\w+)/i,
  },
  { vendor: 'Extreme Networks', os: 'ExtremeXOS', pattern: /^ExtremeXOS \((?<model>[^)]+)\) version (?<firmware>\S+)/ },
  {
    pattern:
      /^(?<vendor>Brocade Communications Systems|Ruckus Wireless|Foundry Networks), Inc\. (?:Stacking System )?(?<model>[\w-]+).*?, IronWare Version (?<firmware>\S+)/,
  },
  { vendor: 'Allied Telesis', os: 'AlliedWare Plus', pattern: /^Allied Telesis .*?AW\+ v(?<firmware>[\d.-]+)/ },
  {
    vendor: 'Dell',
    pattern:
      /^(?:Dell )?(?:EMC )?(?<model>(?:Networking|PowerConnect) [A-Z]?\d{4}\w*),? (?<firmware>\d+\.[\d.]+), (?:Linux|VxWorks)/,
  },
  {
    vendor: 'Ubiquiti',
    pattern: /^(?<model>EdgeSwitch [^,]+|US[WA]?-[\w-]+|U(?:AP|6|7)-[\w-]+),? (?<firmware>\d+\.\d+\.\d+[\w.+]*)/,
  },
  { vendor: 'Ubiquiti', os: 'EdgeOS', pattern: /^EdgeOS (?<firmware>v\d\S+)/ },
  {
    vendor: 'MikroTik',
    os: 'RouterOS',
    pattern:
      /^MikroTik RouterOS (?<firmware>\d[\w.]*)(?: \([\w-]+\))?(?: [A-Z][a-z]{2}\/\d+\/\d{4} [\d:]+)? (?<model>\S+)$/,
  },
  { vendor: 'MikroTik', os: 'RouterOS', pattern: /^RouterOS (?<model>\S+)$/ },
  {
    vendor: 'NETGEAR',
    pattern: /^(?<model>(?:GSM?|FSM?|XSM?|M)\d{3,4}[\w-]*),? .*?ProSafe.*?, ?(?<firmware>\d+\.\d+\.\d+\.\d+)/i,
  },
  { vendor: 'D-Link', pattern: /^(?:D-Link |WS\d-)?(?<model>D[EGX]S-\d{4}(?:-\d+\w*)?)(?:\/(?<hardware>[A-Z]\d))?\b/ },
  {
    vendor: 'Fortinet',
    pattern: /^(?<model>Forti(?:Gate|Switch|AP|WiFi|Mail)[\w-]*) (?<firmware>v\d[\d.]+,build\d+)/,
  },
  { vendor: 'Palo Alto Networks', pattern: /^Palo Alto Networks (?<model>PA-\S+) series firewall/ },
  {
    vendor: 'SonicWall',
    os: 'SonicOS',
    pattern: /^SonicWALL (?<model>.+?) \(SonicOS (?:Enhanced )?(?<firmware>[^)]+)\)/i,
  },
  {
    vendor: 'LANCOM',
    pattern: /^LANCOM (?<model>.+?) (?<firmware>\d+\.\d+\.\d+\w*) \/ [\d.]+ (?<serial>\d{12,})/,
  },

  // Industrial vendors.
  { vendor: 'RuggedCom', pattern: /^(?:Siemens )?RUGGEDCOM (?<model>R[A-Z]{1,2}\d{3,4}\w*)/i },
  { vendor: 'Siemens', pattern: /^Siemens(?: AG)?[ ,]/ },
  { vendor: 'Hirschmann', pattern: /^Hirschmann (?<model>\S.*?) - SW: ?(?<firmware>\S+)/ },
  {
    vendor: 'Hirschmann',
    pattern: /^Hirschmann (?<model>(?:Open)?BAT\S*) (?<firmware>\d+\.\d+\.\d+\w*) \/ [\d.]+ (?<serial>\d{12,})/,
  },
  { vendor: 'Hirschmann', pattern: /^Hirschmann\b/ },
  {
    vendor: 'Moxa',
    pattern:
      /^MOXA (?<model>(?:EDS|EDR|IKS|ICS|PT|MDS|SDS|RKS|TSN|AWK|TAP|NPort|MGate|OnCell)[- ]?[\w-]+)(?:,.*?(?<firmware>V\d+(?:\.\d+)+(?: build \d+)?))?/i,
  },
  { vendor: 'WAGO', pattern: /^WAGO\b.*?\b(?<orderNumber>\d{3,4}-\d{3,4}(?:\/\d{3,4}-\d{3,4})?)/ },
  {
    vendor: 'Phoenix Contact',
    pattern: /^(?:PHOENIX CONTACT,? )?(?<model>FL (?:SWITCH|WLAN|NAT|MGUARD|COMSERVER)[^,;]*)/i,
  },
  { vendor: 'Phoenix Contact', pattern: /^PHOENIX CONTACT\b/i },
  {
    vendor: 'Westermo',
    pattern: /^Westermo (?<model>\w[\w -]*?),? (?:WeOS |primary: ?)(?<firmware>v?\d[\w.]*)/i,
  },
  { vendor: 'N-Tron', pattern: /^N-?TRON (?<model>(?:NT|NX)?\d{3,4}\w*)/i },
  {
    vendor: 'Rockwell Automation',
    pattern: /^(?:Rockwell Automation|Allen-Bradley),? (?<orderNumber>1\d{3}-\w+)\b/i,
  },
  { vendor: 'Schneider Electric', pattern: /^Product: (?<model>[^-.]+?)(?: -[^.]*)?\. FwId: (?<firmware>\d[\w.]*\d)/ },
  { vendor: 'Schneider Electric', pattern: /^Schneider Electric\b/i },
  { vendor: 'Beckhoff', pattern: /^Beckhoff\b/i },
  { vendor: 'B&R', pattern: /^B&R(?: Industrial Automation)?\b/ },
  { vendor: 'Advantech', pattern: /^ADVANTECH (?<model>[A-Z]{3}-\d\S*)/i },
  { vendor: 'Korenix', pattern: /^Korenix (?<model>Jet\w+[ -]?\d\w*)/i },
  { vendor: 'Weidmüller', pattern: /^Weidm(?:ue|ü)ller\b/i },
  { vendor: 'Lantronix', pattern: /^Lantronix (?<model>\w[\w-]*)(?: .*?(?<firmware>V\d+\.[\w.]+))?/ },
  { vendor: 'Digi', pattern: /^Digi (?<model>\w.*?),? Version (?<firmware>\d\w+)/ },
  { vendor: 'Meinberg', pattern: /^Meinberg (?<model>LANTIME \S+)/ },
  { vendor: 'Schweitzer Engineering Laboratories', pattern: /^(?<model>SEL-\d{3,4}\w*)\b/ },
  {
    vendor: 'Rittal',
    pattern: /^Rittal (?<model>CMC.*?) SN (?<serial>\d+) HW (?<hardware>V\S+) -? ?SW (?<firmware>V\S+)/,
  },
  {
    vendor: 'APC',
    pattern: /^APC .*\bAF1:(?<firmware>\S+) AN1:\S+ MN:(?<orderNumber>\S+) HR:(?<hardware>\S+) SN: ?(?<serial>\w+)/,
  },

  // Printers and cameras.
  { vendor: 'Hewlett-Packard (HP)', type: 'Printer', pattern: /^HP ETHERNET MULTI-ENVIRONMENT/ },
  { vendor: 'Lexmark', type: 'Printer', pattern: /^Lexmark (?<model>[A-Z]+\d\w*) .*?version (?<firmware>\S+)/ },
  { vendor: 'Brother', type: 'Printer', pattern: /^Brother NC-\w+, ?Firmware Ver\./ },
  {
    vendor: 'Xerox',
    type: 'Printer',
    pattern:
      /^Xerox(?:®|\(R\))? (?<model>(?:WorkCentre|Phaser|VersaLink|AltaLink|ColorQube)[^;,]*?)(?: v\s?\d[\d.]*)?(?:[;,]|$)/i,
  },
  {
    vendor: 'RICOH',
    type: 'Printer',
    pattern: /^RICOH (?<model>.+?) (?<firmware>\d+\.\d+[\w.]*) \/ RICOH Network Printer/,
  },
  { vendor: 'KYOCERA', type: 'Printer', pattern: /^KYOCERA .*Print/ },
  { vendor: 'Canon', type: 'Printer', pattern: /^Canon (?<model>\w.*?) ?\/P/ },
  {
    vendor: 'Samsung',
    type: 'Printer',
    pattern: /^Samsung (?<model>[^;]+?)(?: Series)?; (?:OS |V)(?<firmware>[\w.]+).*?; ?S\/N (?<serial>\w+)/,
  },
  { vendor: 'KONICA MINOLTA', type: 'Printer', pattern: /^KONICA MINOLTA (?<model>bizhub \w+)/ },
  { vendor: 'SHARP', type: 'Printer', pattern: /^SHARP (?<model>MX-\w+)/ },
  { vendor: 'TOSHIBA', type: 'Printer', pattern: /^TOSHIBA (?<model>e-STUDIO\w+)/ },
  { vendor: 'Zebra', type: 'Printer', pattern: /^Zebra(?:Net| Technologies)\b/ },
  {
    vendor: 'AXIS',
    pattern: /^; AXIS (?<model>[^;]+); (?<type>[^;]+); (?<firmware>\d[\w.]+); [^;]+; (?<hardware>\w+);/,
  },

  // Computers. The first is what PROFINET software announces for a PC: maker, product, version, serial number of the case.
  {
    pattern:
      /^(?<vendor>Dell Inc\.|LENOVO|HPE?|Hewlett-Packard|ASUSTeK COMPUTER INC\.|SIEMENS AG|FUJITSU|Acer|Panasonic Corporation|TOSHIBA|Microsoft Corporation|Gigabyte Technology Co\., Ltd\.) (?<model>[^,]+),[^,]+,(?=\w*[1-9]\w*[A-Z\d])(?<serial>[A-Z\d]{6,20})(?: \+|$)/i,
  },
  { os: 'Windows CE', pattern: /^Microsoft Windows CE Version (?<release>[\d.]+) \(Build (?<build>\d+)/ },
  {
    os: 'Windows',
    pattern: /^Hardware: .* - Software: .*?Windows.*? Version (?<release>[\d.]+) \(Build (?<build>\d+)/,
  },
  { pattern: /^(?<os>VMware ESXi? \d[\d.]*) build-(?<osBuild>\d+)/ },
  { os: 'VMware ESX', pattern: /^VMware ESXi? Releasebuild-(?<osBuild>\d+)/ },
  { os: 'pfSense', pattern: /^pfSense \S+ (?<kernel>\d\S+) pfSense FreeBSD / },
  { os: 'FreeBSD', pattern: /^FreeBSD \S+ (?<kernel>\d\S+)/ },
  { os: 'SunOS', pattern: /^SunOS \S+ (?<kernel>5\.\d+)/ },
  { os: 'Linux', pattern: /^Linux \S+ (?<kernel>\d+\.\d+\S*) #\d/ },
  { pattern: /^(?<os>\w[\w ./()-]{2,60}?) Linux \d+\.\d+\S* #\d/ },
  { os: 'VxWorks', pattern: /^VxWorks\b/ },
];
