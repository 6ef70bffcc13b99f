// The `Inform` message of TR-069 (CWMP), with which routers and telephones report to their operator over HTTP. It comes
// from the device, so what it says is of the client.
import { type DocumentFact, DocumentFacts, type DocumentMeaning } from './identity-documents.ts';
import { scanXml } from './xml.ts';

/** Elements of `DeviceId` (TR-069 annex A.3.3.1). */
const DEVICE_ID: Readonly<Record<string, DocumentMeaning>> = {
  Manufacturer: 'vendor',
  ProductClass: 'code',
  SerialNumber: 'serial',
};
/** Ends of parameter names (TR-098 and TR-181). */
const PARAMETERS: readonly (readonly [string, DocumentMeaning])[] = [
  ['.DeviceInfo.ModelName', 'model'],
  ['.DeviceInfo.HardwareVersion', 'hardware'],
  ['.DeviceInfo.SoftwareVersion', 'firmware'],
];

/** What an Inform says of the device that sends it; empty for other documents. */
export function readInform(xml: string): DocumentFact[] {
  const found = new DocumentFacts();
  if (!xml.includes('DeviceId') || !xml.includes('Inform')) return found.facts;
  let parameter = '';
  scanXml(xml, (path, text) => {
    const name = path.at(-1) ?? '';
    const parent = path.at(-2);
    if (parent === 'DeviceId' && path.at(-3) === 'Inform') {
      const meaning = Object.hasOwn(DEVICE_ID, name) ? DEVICE_ID[name] : undefined;
      if (meaning !== undefined) found.add(meaning, text, `Inform DeviceId, ${name}`);
    } else if (parent === 'ParameterValueStruct') {
      if (name === 'Name') parameter = text;
      else if (name === 'Value')
        for (const [end, meaning] of PARAMETERS)
          if (parameter.endsWith(end)) found.add(meaning, text, `Inform ${end.slice(1)}`);
    }
  });
  return found.facts;
}
