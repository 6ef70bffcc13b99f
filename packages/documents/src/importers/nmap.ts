// Scan results of nmap as XML: hosts that answered, their addresses and names, open ports with the product behind them,
// the operating system nmap takes them for, and what its scripts asked of industrial devices.
import type { Subject } from '@interlock/model';
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { protocolName } from '../services.ts';
import { Telling } from '../telling.ts';
import { hostnameValue, ipValue, macValue, textValue, timeValue, wholeValue } from '../values.ts';
import { child, children, readElements, type XmlElement } from '../xml/elements.ts';
import { headText, isBinary } from './asset-list.ts';
import { sayScript } from './nmap-scripts.ts';

/** nmap says how sure it is of a service: 10 where it asked, 3 where it looked the port up in a table. */
const ASKED = 8;
/** Below this accuracy a guess of the operating system is one of several that do not fit. */
const LEAST_ACCURACY = 90;

export const nmap: Importer = {
  name: 'nmap',
  title: 'nmap (XML)',
  spec: 'nmap.dtd, xmloutputversion 1.05',
  basis: 'scan',
  recognise: (head) => !isBinary(head) && /<nmaprun[\s>]/.test(headText(head)),
  read,
};

async function* read(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(nmap, options);
  for await (const items of readElements(chunks, new Set(['host']))) {
    for (const item of items) {
      if ('problem' in item) telling.problem(item.problem, item.path, item.text);
      else {
        const before = telling.said;
        const answered = child(item.element, 'status')?.attributes['state'] !== 'down';
        if (answered) sayHost(telling, item.element, item.path);
        telling.record(!answered || telling.said > before);
      }
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

function sayHost(telling: Telling, host: XmlElement, path: string): void {
  const at = timeValue(host.attributes['endtime']) ?? timeValue(host.attributes['starttime']);
  const ips: string[] = [];
  let mac: string | undefined;
  for (const { attributes } of children(host, 'address')) {
    const text = attributes['addr'] ?? '';
    const value = attributes['addrtype'] === 'mac' ? macValue(text) : ipValue(text)?.ip;
    if (value === undefined)
      telling.problem('value.address', `${path}/address`, `"${text.slice(0, 60)}" is no address`);
    else if (attributes['addrtype'] === 'mac') mac ??= value;
    else ips.push(value);
  }
  if (ips.length === 0 && mac === undefined) {
    telling.problem('record.nothing', path, 'a host without an address');
    return;
  }
  const subject: Subject = { ...(ips[0] ? { ip: ips[0] } : {}), ...(mac ? { mac } : {}) };
  for (const ip of ips) telling.say(subject, 'address.listed-ip', ip, `${path}/address`, 'address', at);
  if (mac !== undefined) telling.say(subject, 'address.listed-mac', mac, `${path}/address`, 'address', at);

  for (const { attributes } of children(child(host, 'hostnames'), 'hostname')) {
    const name = hostnameValue(attributes['name']);
    if (name === undefined) continue;
    const where = `${path}/hostnames/hostname`;
    // A name from a reverse look-up is what the name server says; one that was given on the command line as well.
    telling.say(subject, 'dns.answer', name, where, `hostname (${attributes['type'] ?? 'user'})`, at);
    if (attributes['type'] === 'PTR') telling.say(subject, 'device.hostname', name, where, 'hostname (PTR)', at);
  }
  for (const port of children(child(host, 'ports'), 'port')) sayPort(telling, subject, port, path, at);
  for (const script of children(child(host, 'hostscript'), 'script'))
    sayScript(telling, subject, script, `${path}/hostscript/script`, at);
  sayOperatingSystem(telling, subject, child(host, 'os'), path, at);
}

function sayPort(
  telling: Telling,
  subject: Subject,
  element: XmlElement,
  hostPath: string,
  at: number | undefined,
): void {
  const transport = element.attributes['protocol'];
  const port = wholeValue(element.attributes['portid'], 1, 65_535);
  if (port === undefined || (transport !== 'tcp' && transport !== 'udp')) return;
  if (child(element, 'state')?.attributes['state'] !== 'open') return;
  const path = `${hostPath}/ports/port[${transport}/${port}]`;
  const service = child(element, 'service')?.attributes ?? {};
  const asked = (wholeValue(service['conf'], 0, 10) ?? 0) >= ASKED || service['method'] === 'probed';
  const protocol = asked ? protocolName(service['name']) : undefined;
  telling.say(subject, 'service.offered', { transport, port, ...(protocol ? { protocol } : {}) }, path, 'port', at);
  if (asked) {
    const product = [
      service['product'],
      service['version'],
      service['extrainfo'] && `(${service['extrainfo']})`,
    ].filter(Boolean);
    const text = textValue(product.join(' '));
    if (text !== undefined)
      telling.say(subject, 'service.product', `${text}, ${transport}/${port}`, path, 'service', at);
    const name = hostnameValue(service['hostname']);
    if (name !== undefined) telling.say(subject, 'device.hostname', name, path, 'service hostname', at);
    const type = textValue(service['devicetype']);
    if (type !== undefined) telling.say(subject, 'device.type', type, path, 'service devicetype', at);
    for (const cpe of children(child(element, 'service'), 'cpe')) sayCpe(telling, subject, cpe, path, at);
  }
  for (const script of children(element, 'script')) sayScript(telling, subject, script, `${path}/script`, at);
}

function sayOperatingSystem(
  telling: Telling,
  subject: Subject,
  os: XmlElement | undefined,
  hostPath: string,
  at: number | undefined,
): void {
  const accuracyOf = (match: XmlElement): number => wholeValue(match.attributes['accuracy'], 0, 100) ?? 0;
  const [best, next] = children(os, 'osmatch').toSorted((a, b) => accuracyOf(b) - accuracyOf(a));
  if (!best || accuracyOf(best) < LEAST_ACCURACY) return;
  // Two that fit equally well are a guess between them.
  if (next && accuracyOf(next) === accuracyOf(best) && accuracyOf(best) < 100) return;
  const name = textValue(best.attributes['name']);
  const path = `${hostPath}/os/osmatch`;
  if (name !== undefined) telling.say(subject, 'device.os', name, path, `osmatch (${accuracyOf(best)} %)`, at);
  for (const osClass of children(best, 'osclass'))
    if (accuracyOf(osClass) === accuracyOf(best))
      for (const cpe of children(osClass, 'cpe')) sayCpe(telling, subject, cpe, path, at);
}

function sayCpe(telling: Telling, subject: Subject, element: XmlElement, path: string, at: number | undefined): void {
  const cpe = textValue(element.text);
  if (cpe?.startsWith('cpe:')) telling.say(subject, 'device.cpe', cpe, path, 'cpe', at);
}
