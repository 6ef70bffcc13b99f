// The camera's discovery: DNS-SD over mDNS, and UPnP with a description that a control point fetches.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import multicastDns from 'multicast-dns';

const address = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;
if (!address) throw new Error('camera: no address yet');
const HOST = 'axis-accc8e223107.local';
const NAME = 'AXIS P3245-LV - ACCC8E223107';

const mdns = multicastDns({ interface: address });
const announce = () => {
  for (const [service, port] of [
    ['_axis-video._tcp.local', 80],
    ['_rtsp._tcp.local', 554],
    ['_http._tcp.local', 80],
  ] as const) {
    mdns.respond([
      { name: service, type: 'PTR', ttl: 4500, data: `${NAME}.${service}` },
      { name: `${NAME}.${service}`, type: 'SRV', ttl: 120, flush: true, data: { port, target: HOST } },
      {
        name: `${NAME}.${service}`,
        type: 'TXT',
        ttl: 4500,
        flush: true,
        data: service.startsWith('_axis') ? ['macaddress=ACCC8E223107'] : [],
      },
      { name: HOST, type: 'A', ttl: 120, flush: true, data: address },
    ]);
  }
};
announce();
setInterval(announce, 12_000);

const DESCRIPTION = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName>AXIS P3245-LV - ACCC8E223107</friendlyName>
<manufacturer>AXIS</manufacturer><manufacturerURL>http://www.axis.com/</manufacturerURL><modelDescription>AXIS P3245-LV Network Camera</modelDescription>
<modelName>AXIS P3245-LV</modelName><modelNumber>P3245-LV</modelNumber><serialNumber>ACCC8E223107</serialNumber>
<UDN>uuid:Upnp-BasicDevice-1_0-ACCC8E223107</UDN><presentationURL>http://${address}/</presentationURL></device></root>`;
createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/xml').end(DESCRIPTION);
}).listen(49152, '0.0.0.0');

const ssdp = createSocket({ type: 'udp4', reuseAddr: true });
ssdp.bind(1900, () => {
  ssdp.addMembership('239.255.255.250', address);
  const notify = () =>
    ssdp.send(
      [
        'NOTIFY * HTTP/1.1',
        'HOST: 239.255.255.250:1900',
        'CACHE-CONTROL: max-age=1800',
        `LOCATION: http://${address}:49152/rootdesc1.xml`,
        'NT: upnp:rootdevice',
        'NTS: ssdp:alive',
        'SERVER: Linux/4.14.79, UPnP/1.0, Portable SDK for UPnP devices/1.6.22',
        'USN: uuid:Upnp-BasicDevice-1_0-ACCC8E223107::upnp:rootdevice',
        '',
        '',
      ].join('\r\n'),
      1900,
      '239.255.255.250',
    );
  notify();
  setInterval(notify, 10_000);
});
