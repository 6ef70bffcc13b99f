// The label printer's DNS-SD records, as its print server announces them.
import { networkInterfaces } from 'node:os';
import multicastDns from 'multicast-dns';

const address = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;
if (!address) throw new Error('label printer: no address yet');
const HOST = 'zt411-dispatch.local';
const NAME = 'Zebra ZT411 dispatch';

const mdns = multicastDns({ interface: address });
const announce = () =>
  mdns.respond([
    { name: '_pdl-datastream._tcp.local', type: 'PTR', ttl: 4500, data: `${NAME}._pdl-datastream._tcp.local` },
    {
      name: `${NAME}._pdl-datastream._tcp.local`,
      type: 'SRV',
      ttl: 120,
      flush: true,
      data: { port: 9100, target: HOST },
    },
    {
      name: `${NAME}._pdl-datastream._tcp.local`,
      type: 'TXT',
      ttl: 4500,
      flush: true,
      data: [
        'txtvers=1',
        'ty=Zebra ZT411',
        'product=(ZTC ZT411-300dpi ZPL)',
        'usb_MFG=Zebra Technologies',
        'usb_MDL=ZTC ZT411-300dpi ZPL',
        'note=Dispatch',
      ],
    },
    { name: HOST, type: 'A', ttl: 120, flush: true, data: address },
  ]);
announce();
setInterval(announce, 14_000);
