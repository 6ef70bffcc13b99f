// SSDP of UPnP devices and of the programs that look for them, with the line ends and fields that devices really send.
import { type Bytes, capture, type Frame, udp, write } from '../../testing/index.ts';

const GROUP = '239.255.255.250';
const lines = (end: string, ...all: readonly string[]) => write().text([...all, '', ''].join(end));
const toGroup = (from: string, content: Bytes, fromPort = 1900): Frame =>
  udp({ from, fromPort, to: GROUP, toPort: 1900, ttl: 4 }, content);

export const golden = capture('SSDP announcements, searches and answers', [
  toGroup(
    '192.168.20.53',
    lines(
      '\r\n',
      'NOTIFY * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'CACHE-CONTROL: max-age=100',
      'LOCATION: http://192.168.20.53:80/description.xml',
      'SERVER: Linux/3.14.0 UPnP/1.0 IpBridge/1.26.0',
      'NTS: ssdp:alive',
      'hue-bridgeid: 02005EFFFE100053',
      'NT: upnp:rootdevice',
      'USN: uuid:2F402F80-DA50-11E1-9B23-02005E100053::upnp:rootdevice',
    ),
  ),
  // A device embedded in the root device has a UUID of its own, which is not the device's.
  toGroup(
    '192.168.20.53',
    lines(
      '\r\n',
      'NOTIFY * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'NTS: ssdp:alive',
      'NT: urn:schemas-upnp-org:device:Basic:1',
      'USN: uuid:99999999-da50-11e1-9b23-02005e100053::urn:schemas-upnp-org:device:Basic:1',
    ),
  ),
  // Lines that end in LF alone, a field over two lines, a space before the colon.
  toGroup(
    '192.168.20.56',
    lines(
      '\n',
      'NOTIFY * HTTP/1.1',
      'Nts:ssdp:alive',
      'Server : Linux UPnP/1.0 Sonos/57.3-79060',
      ' (ZPS9)',
      'Location: http://192.168.20.56:1400/xml/device_description.xml',
    ),
  ),
  // A program looks for devices from a port of its own; an answer comes from another odd port.
  toGroup(
    '192.168.20.50',
    lines(
      '\r\n',
      'M-SEARCH * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'MAN: "ssdp:discover"',
      'MX: 1',
      'ST: ssdp:all',
      'USER-AGENT: Google Chrome/120.0 Windows',
    ),
    50_100,
  ),
  udp(
    { from: '192.168.20.60', fromPort: 48_000, to: '192.168.20.50', toPort: 50_100 },
    lines(
      '\r\n',
      'HTTP/1.1 200 OK',
      'CACHE-CONTROL: max-age=1800',
      'EXT:',
      'LOCATION: http://192.168.20.60:8060/',
      'ST: urn:dial-multiscreen-org:device:dial:1',
      'USN: uuid:29600009-5406-1005-8080-02005e100060::upnp:rootdevice',
      'WAKEUP: MAC=02:00:5e:10:00:60;Timeout=10',
    ),
  ),
  udp(
    { from: '192.168.20.61', fromPort: 1900, to: '192.168.20.50', toPort: 50_100 },
    lines(
      '\r\n',
      'HTTP/1.1 200 OK',
      'ST: roku:ecp',
      'USN: uuid:roku:ecp:X00400ABC123',
      'LOCATION: http://192.168.20.61:8060/',
    ),
  ),
  // Makers that name themselves in the server field; a printer with model, order number and serial number.
  toGroup(
    '192.168.20.62',
    lines(
      '\r\n',
      'NOTIFY * HTTP/1.1',
      'NTS: ssdp:alive',
      'SERVER: HP HTTP Server; HP Officejet Pro 8600 - CM749A; Serial Number: CN2BTCQ0YZ; Built: Tue Apr 19, 2016',
    ),
  ),
  // A telephone's system names itself in the agent of every program.
  toGroup(
    '192.168.20.63',
    lines(
      '\r\n',
      'M-SEARCH * HTTP/1.1',
      'MAN: "ssdp:discover"',
      'USER-AGENT: Dalvik/2.1.0 (Linux; U; Android 5.1.1; SM-N7505 Build/LMY47X)',
    ),
    50_101,
  ),
  // What says goodbye, a head that is cut off, and something else on the port.
  toGroup(
    '192.168.20.53',
    lines(
      '\r\n',
      'NOTIFY * HTTP/1.1',
      'NTS: ssdp:byebye',
      'NT: upnp:rootdevice',
      'USN: uuid:2f402f80-da50-11e1-9b23-02005e100053::upnp:rootdevice',
    ),
  ),
  toGroup('192.168.20.64', write().text('NOTIFY * HTTP/1.1\r\nSERVER: Embedded UPnP/1.0\r\nLOCA')),
  toGroup('192.168.20.65', write().text('HELLO everybody')),
]);
