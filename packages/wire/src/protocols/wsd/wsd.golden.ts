// Written by hand after WS-Discovery 1.1, its 2005 submission and ONVIF's core specification: a search, cameras that
// answer, a Windows computer and a printer that say hello, a proxy that answers for others.
import { capture, udp, write } from '../../testing/index.ts';

const GROUP = '239.255.255.250';
const OLD = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const NEW = 'http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01';

const envelope = (namespace: string, body: string) =>
  write().text(
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="${namespace}" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header><a:MessageID>urn:uuid:11111111-2222-3333-4444-555555555555</a:MessageID></s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  );
const device = (uuid: string, types: string, scopes: string, addresses: string) =>
  `<a:EndpointReference><a:Address>urn:uuid:${uuid}</a:Address></a:EndpointReference><d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${addresses}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>`;
const matches = (...devices: readonly string[]) =>
  `<d:ProbeMatches>${devices.map((one) => `<d:ProbeMatch>${one}</d:ProbeMatch>`).join('')}</d:ProbeMatches>`;

const toGroup = (from: string, body: string, namespace = OLD) =>
  udp({ from, fromPort: 50_100, to: GROUP, toPort: 3702 }, envelope(namespace, body));
const answer = (from: string, body: string, fromPort = 3702) =>
  udp({ from, fromPort, to: '10.8.0.9', toPort: 50_100 }, envelope(OLD, body));

export const golden = capture('WS-Discovery: ONVIF cameras, Windows, a printer, a proxy', [
  toGroup('10.8.0.9', '<d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe>'),
  answer(
    '10.8.0.30',
    matches(
      device(
        '3fa1fe68-b915-4053-a3e1-a8294833aa30',
        'tds:Device dn:NetworkVideoTransmitter',
        'onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/Q9010 onvif://www.onvif.org/name/Sehwerk%20Q9010 onvif://www.onvif.org/location/hall%202 onvif://www.onvif.org/MAC/00:1b:1b:00:08:30 onvif://www.onvif.org/serial/SQ90100042 onvif://www.onvif.org/firmware/2.6.1 http://example.org/other',
        'http://10.8.0.30/onvif/device_service http://[fe80::21b:1bff:fe00:830]/onvif/device_service',
      ),
    ),
  ),
  // From another port, with a version for a model, and placeholders.
  answer(
    '10.8.0.31',
    matches(
      device(
        '3fa1fe68-b915-4053-a3e1-a8294833aa31',
        'dn:NetworkVideoTransmitter',
        'onvif://www.onvif.org/hardware/V1.2 onvif://www.onvif.org/name/Bosch onvif://www.onvif.org/serial/123456 onvif://www.onvif.org/location/%ZZ onvif://www.onvif.org/manufacturer/unknown',
        'http://10.8.0.31:8899/onvif/device_service',
      ),
    ),
    40_900,
  ),
  toGroup(
    '10.8.0.40',
    `<d:Hello>${device('6d5f1e0a-8a22-4c67-9f10-0a0b0c0d0e0f', 'wsdp:Device pub:Computer', '', 'http://10.8.0.40:5357/6d5f1e0a-8a22-4c67-9f10-0a0b0c0d0e0f/')}</d:Hello>`,
  ),
  toGroup(
    '10.8.0.41',
    `<d:Hello>${device('16a65700-007c-1000-bb49-001b1b000841', 'wsdp:Device wprt:PrintDeviceType', 'http://printer.example/scope', 'http://label-printer.example:80/wsd')}</d:Hello>`,
    NEW,
  ),
  answer(
    '10.8.0.2',
    matches(
      device('16a65700-007c-1000-bb49-001b1b000841', 'a:B', '', ''),
      device('26a65700-007c-1000-bb49-001b1b000842', 'a:B', '', ''),
    ),
  ),
  toGroup(
    '10.8.0.40',
    '<d:Bye><a:EndpointReference><a:Address>urn:uuid:6d5f1e0a-8a22-4c67-9f10-0a0b0c0d0e0f</a:Address></a:EndpointReference></d:Bye>',
  ),
  // SOAP of something else.
  udp(
    { from: '10.8.0.50', fromPort: 3702, to: '10.8.0.9', toPort: 50_101 },
    write().text('<Envelope><Body/></Envelope>'),
  ),
]);
