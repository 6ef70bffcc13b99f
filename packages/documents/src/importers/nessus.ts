// Scan reports of Nessus (version 2 XML): what they say of hosts. Vulnerabilities are no facts about a device and are
// left out.
import type { Subject } from '@interlock/model';
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { protocolName } from '../services.ts';
import { Telling } from '../telling.ts';
import { hostnameValue, ipValue, macValue, textValue, timeValue, wholeValue } from '../values.ts';
import { child, children, readElements, type XmlElement } from '../xml/elements.ts';
import { headText, isBinary } from './asset-list.ts';

export const nessus: Importer = {
  name: 'nessus',
  title: 'Nessus report (XML, version 2)',
  spec: 'Tenable, Nessus v2 file format',
  basis: 'scan',
  recognise: (head) => !isBinary(head) && headText(head).includes('<NessusClientData_v2'),
  read,
};

async function* read(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(nessus, options);
  for await (const items of readElements(chunks, new Set(['ReportHost']))) {
    for (const item of items) {
      if ('problem' in item) telling.problem(item.problem, item.path, item.text);
      else {
        const before = telling.said;
        sayHost(telling, item.element, item.path);
        telling.record(telling.said > before);
      }
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

function sayHost(telling: Telling, host: XmlElement, path: string): void {
  const tags = new Map<string, string>();
  for (const { attributes, text } of children(child(host, 'HostProperties'), 'tag'))
    if (attributes['name'] !== undefined && text.trim() !== '') tags.set(attributes['name'], text.trim());
  const at = timeValue(tags.get('HOST_END_TIMESTAMP')) ?? timeValue(tags.get('HOST_START_TIMESTAMP'));
  const name = host.attributes['name'] ?? '';
  const ip = ipValue(tags.get('host-ip') ?? name)?.ip;
  const macs = (tags.get('mac-address') ?? '').split(/\s+/).flatMap((text) => macValue(text) ?? []);
  if (ip === undefined && macs.length === 0) {
    telling.problem('record.nothing', path, 'a host without an address');
    return;
  }
  // Of several adapters it is not said which one has the address.
  const [mac] = macs.length === 1 ? macs : [];
  const subject: Subject = { ...(ip ? { ip } : {}), ...(mac ? { mac } : {}) };
  const where = `${path}/HostProperties`;
  if (ip) telling.say(subject, 'address.listed-ip', ip, where, 'host-ip', at);
  for (const one of macs) telling.say(subject, 'address.listed-mac', one, where, 'mac-address', at);

  const hostname = (tag: string) => {
    const value = hostnameValue(tags.get(tag));
    if (value !== undefined) telling.say(subject, 'device.hostname', value, where, tag, at);
  };
  hostname('hostname');
  hostname('host-fqdn');
  const reverse = hostnameValue(tags.get('host-rdns'));
  if (reverse !== undefined) telling.say(subject, 'dns.answer', reverse, where, 'host-rdns', at);
  const netbios = textValue(tags.get('netbios-name'));
  if (netbios !== undefined)
    telling.say(subject, 'netbios.name', netbios.split('\\').at(-1) ?? netbios, where, 'netbios-name', at);
  // Several lines where it could not decide between systems.
  const system = tags.get('operating-system');
  if (system !== undefined && !system.includes('\n')) {
    const value = textValue(system);
    if (value !== undefined) telling.say(subject, 'device.os', value, where, 'operating-system', at);
  }
  const type = textValue(tags.get('system-type'));
  if (type !== undefined && type !== 'general-purpose')
    telling.say(subject, 'device.type', type, where, 'system-type', at);
  const uuid = textValue(tags.get('bios-uuid'));
  if (uuid !== undefined) telling.say(subject, 'device.uuid', uuid.toLowerCase(), where, 'bios-uuid', at);
  for (const [tag, value] of tags) {
    if (!/^cpe(-\d+)?$/.test(tag)) continue;
    // Behind the name stands what it is called: "cpe:/a:openbsd:openssh:7.4 -> OpenBSD OpenSSH".
    const cpe = value.split(' ', 1)[0];
    if (cpe?.startsWith('cpe:')) telling.say(subject, 'device.cpe', cpe, where, tag, at);
  }
  const told = new Set<string>();
  for (const { attributes } of children(host, 'ReportItem')) {
    const port = wholeValue(attributes['port'], 1, 65_535);
    const transport = attributes['protocol'];
    if (port === undefined || (transport !== 'tcp' && transport !== 'udp') || told.has(`${transport}/${port}`))
      continue;
    told.add(`${transport}/${port}`);
    // A question mark behind the name: looked up by the port only.
    const protocol = attributes['svc_name']?.endsWith('?') ? undefined : protocolName(attributes['svc_name']);
    telling.say(
      subject,
      'service.offered',
      { transport, port, ...(protocol ? { protocol } : {}) },
      `${path}/ReportItem`,
      'port',
      at,
    );
  }
}
