// What devices say of themselves in DHCP's vendor class (option 60). The standard leaves the text to the vendor; listed
// here are forms in which vendor, model, serial number or version stand at a fixed place.
import type { Described } from '../../descriptions.ts';

/** A form of the text, and what it states: named groups are taken as they stand, the rest is what the form implies. */
interface Dialect {
  readonly form: RegExp;
  readonly states?: Described;
}

/** Every form is anchored and has no nested repetition, so a hostile text costs no more than its length. */
const DIALECTS: readonly Dialect[] = [
  // Cameras: "AXIS,Network Camera,P3304,5.20".
  { form: /^(?<vendor>AXIS),(?<type>[^,]+),(?<model>[^,]+),(?<firmware>[\d.]+)$/i },
  // Printers of several makers: "Mfg=Lexmark;Typ=Printer;Mod=Lexmark T650;Ser=7936XXX".
  {
    form: /^Mfg=(?<vendor>[^;]+);Typ=(?<type>[^;]+);Mod=(?<model>[^;]+)(?:;Ser=(?<serial>[^;]+))?/i,
  },
  { form: /^(?<vendor>Hewlett-Packard) JetDirect/i, states: { type: 'Print server' } },
  { form: /^(?<vendor>HP) (?:LaserJet|OfficeJet|Color|PageWide|DesignJet|DeskJet)/i, states: { type: 'Printer' } },
  { form: /^(?<vendor>Samsung) Network Printer/i, states: { type: 'Printer' } },
  // Switches: "Aruba JL255A 2930F-24G-PoE+-4SFP+ Switch", "HP J9773A 2530-24G-PoEP Switch".
  {
    form: /^(?<vendor>Aruba|HPE|HP|ProCurve) (?<orderNumber>J[\dA-Z]\d{3}[A-Z])(?: ProCurve)? (?<model>\S+) Switch/i,
    states: { type: 'Switch' },
  },
  { form: /^(?<vendor>ProCurve) (?<orderNumber>J\d{4}[A-Z]) Switch (?<model>\S+)/i, states: { type: 'Switch' } },
  // Zero touch provisioning: "Arista;DCS-7050S-64;01.10;JPE12345678", "Juniper:ex2200-c-12p-2g".
  {
    form: /^(?<vendor>Arista);(?<model>[^;]+);(?<hardware>[\d.]+);(?<serial>[A-Z]{3}\d{8})$/i,
    states: { type: 'Switch' },
  },
  { form: /^(?<vendor>Juniper):(?<model>[a-z]+\d[\w-]*)/i },
  { form: /^(?<vendor>Juniper)-/i },
  { form: /^(?<model>Forti(?:Gate|AP|Switch)-\w+)$/i, states: { vendor: 'Fortinet' } },
  // Access points and wireless controllers.
  { form: /^(?:ArubaAP|ArubaInstantAP)$/i, states: { vendor: 'Aruba', type: 'Access point' } },
  { form: /^(?<vendor>Cisco) AP /i, states: { type: 'Access point' } },
  { form: /^Airespace\.AP/i, states: { vendor: 'Cisco', type: 'Access point' } },
  { form: /^(?<vendor>Ruckus) CPE$/i, states: { type: 'Access point' } },
  { form: /^ubnt$/i, states: { vendor: 'Ubiquiti' } },
  { form: /^ciscopnp$/i, states: { vendor: 'Cisco' } },
  // Phones.
  { form: /^(?<vendor>Cisco Systems, Inc\.) IP Phone (?<model>CP-[\w-]+)/i, states: { type: 'IP phone' } },
  { form: /^(?<vendor>Cisco Systems, Inc\.) IP Phone/i, states: { type: 'IP phone' } },
  { form: /^(?<vendor>Polycom)-(?:SoundPoint ?IP-)?(?<model>[A-Z]{2,6}\d{2,4}\w*)$/i, states: { type: 'IP phone' } },
  { form: /^(?<vendor>Aastra|Mitel)IPPhone(?<model>\d{2,4}[a-z]{0,3})$/i, states: { type: 'IP phone' } },
  { form: /^ipphone\.mitel\.com/i, states: { vendor: 'Mitel', type: 'IP phone' } },
  { form: /^ccp\.avaya\.com/i, states: { vendor: 'Avaya', type: 'IP phone' } },
  { form: /^(?<vendor>Nortel)-(?<model>i20\d\d)-A$/i, states: { type: 'IP phone' } },
  { form: /^(?<vendor>Alcatel)\.noe\./i, states: { type: 'IP phone' } },
  { form: /^(?<vendor>Grandstream) (?<model>[A-Z]{2,4}\d{2,5}\w*)/i },
  { form: /^(?<vendor>snom)-?(?<model>[dmp]?\d{2,4})\b/i, states: { type: 'IP phone' } },
  { form: /^(?<vendor>yealink)$/i },
  // Computers: "AAPLBSDPC/i386/MacBookPro11,1", "dhcpcd-6.11.5:Linux-4.1.18-v7+:armv7l:BCM2709".
  { form: /^AAPLBSDPC\/\w+\/(?<model>[A-Z][\w]*\d,\d+)$/i, states: { vendor: 'Apple' } },
  { form: /^dhcpcd[- ][\w.]+:(?<os>[A-Z][A-Za-z]+)-(?<osBuild>[\w.+-]+)(?::|$)/i },
  // Makers of industrial devices that begin the text with their own name.
  {
    form: /^(?<vendor>Siemens|Schneider Electric|Rockwell Automation|Allen-Bradley|WAGO|Moxa|Hirschmann|Phoenix Contact|Beckhoff|Lantronix|Zebra(?: Technologies)?|Honeywell|Festo|Turck|Bosch Rexroth|B&R|Omron|Keyence|Cognex|Yokogawa|Emerson|ABB|Pilz|Balluff|ifm|SICK|Datalogic|Intermec|SATO|Digi International|Advantech|Red Lion|Westermo|Perle)(?=$|[ ,;:/_-])/i,
  },
];

/** What a vendor class states beyond doubt; empty for the classes of DHCP clients and operating systems. */
export function readVendorClass(text: string): Described {
  for (const { form, states } of DIALECTS) {
    const found = form.exec(text);
    if (found) return { ...states, ...found.groups };
  }
  return {};
}
