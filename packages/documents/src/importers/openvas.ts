// Scan reports of OpenVAS and Greenbone (GMP report XML): what they say of hosts. Vulnerabilities are no facts about a
// device and are left out.
import type { Subject } from '@interlock/model';
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { protocolName } from '../services.ts';
import { Telling } from '../telling.ts';
import { hostnameValue, ipValue, macValue, textValue, timeValue, wholeValue } from '../values.ts';
import { child, children, readElements, textOf, type XmlElement } from '../xml/elements.ts';
import { headText, isBinary } from './asset-list.ts';

export const openvas: Importer = {
  name: 'openvas',
  title: 'OpenVAS or Greenbone report (XML)',
  spec: 'Greenbone Management Protocol, report format XML',
  basis: 'scan',
  recognise: (head) => {
    if (isBinary(head)) return false;
    const text = headText(head);
    return (
      /<(get_reports_response|report)[\s>]/.test(text) &&
      /<(gmp|omp|report_format|scan_run_status|scan_start|get_reports_response|host|results|task)\b/.test(text) &&
      !text.includes('<nmaprun')
    );
  },
  read,
};

async function* read(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(openvas, options);
  // Results name ports; hosts carry details. Both are handed out in the order of the document.
  for await (const items of readElements(chunks, new Set(['result', 'host', 'port']))) {
    for (const item of items) {
      if ('problem' in item) telling.problem(item.problem, item.path, item.text);
      else {
        const before = telling.said;
        const { element, path } = item;
        if (element.name === 'host') sayHost(telling, element, path);
        else sayPort(telling, element, path);
        if (element.name === 'host') telling.record(telling.said > before);
      }
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

function sayHost(telling: Telling, host: XmlElement, path: string): void {
  const text = textOf(host, 'ip');
  // Within other elements a host is only a name.
  if (text === undefined) return;
  const ip = ipValue(text)?.ip;
  if (ip === undefined) {
    telling.problem('value.address', `${path}/ip`, `"${text.slice(0, 60)}" is no address`);
    return;
  }
  const at = timeValue(textOf(host, 'end')) ?? timeValue(textOf(host, 'start'));
  const details = children(host, 'detail').flatMap((detail): [string, string][] => {
    const [name, value] = [textOf(detail, 'name'), textOf(detail, 'value')];
    return name !== undefined && value !== undefined ? [[name, value]] : [];
  });
  const macs = details.flatMap(([name, value]) => (name === 'MAC' ? (macValue(value) ?? []) : []));
  const [mac] = macs.length === 1 ? macs : [];
  const subject: Subject = { ip, ...(mac ? { mac } : {}) };
  telling.say(subject, 'address.listed-ip', ip, `${path}/ip`, 'ip', at);
  for (const one of macs) telling.say(subject, 'address.listed-mac', one, `${path}/detail`, 'MAC', at);
  for (const [name, raw] of details) {
    const value = textValue(raw);
    const where = `${path}/detail`;
    if (value === undefined) continue;
    if (name === 'hostname' || name === 'DNS-via-TargetDefinition') {
      const host = hostnameValue(value);
      if (host !== undefined) telling.say(subject, 'device.hostname', host, where, name, at);
    } else if (name === 'best_os_txt') telling.say(subject, 'device.os', value, where, name, at);
    else if (name === 'best_os_cpe' || name === 'App') {
      const cpe = value.split(/\s/, 1)[0];
      if (cpe?.startsWith('cpe:')) telling.say(subject, 'device.cpe', cpe, where, name, at);
    } else if (name === 'Services') sayService(telling, subject, value, where, at);
    else if (name === 'ports' || name === 'tcp_ports' || name === 'udp_ports') {
      const transport = name === 'udp_ports' ? 'udp' : 'tcp';
      for (const one of value.split(',')) {
        const port = wholeValue(one, 1, 65_535);
        if (port !== undefined) telling.say(subject, 'service.offered', { transport, port }, where, name, at);
      }
    }
  }
}

/** "8009,tcp,ajp13". */
function sayService(telling: Telling, subject: Subject, value: string, path: string, at: number | undefined): void {
  const [number, transport, name] = value.split(',');
  const port = wholeValue(number, 1, 65_535);
  if (port === undefined || (transport !== 'tcp' && transport !== 'udp')) return;
  const protocol = protocolName(name);
  telling.say(subject, 'service.offered', { transport, port, ...(protocol ? { protocol } : {}) }, path, 'Services', at);
}

/** A result or an entry of the list of ports: "443/tcp" of a host. */
function sayPort(telling: Telling, element: XmlElement, path: string): void {
  const place = element.name === 'port' ? element.text : (child(element, 'port')?.text ?? '');
  const ip = ipValue((child(element, 'host')?.text ?? '').trim())?.ip;
  const [, number, transport] = /(\d{1,5})\/(tcp|udp)\)?\s*$/.exec(place.trim()) ?? [];
  const port = wholeValue(number, 1, 65_535);
  if (ip === undefined || port === undefined || (transport !== 'tcp' && transport !== 'udp')) return;
  telling.say({ ip }, 'address.listed-ip', ip, path, 'host');
  telling.say({ ip }, 'service.offered', { transport, port }, path, 'port');
}
