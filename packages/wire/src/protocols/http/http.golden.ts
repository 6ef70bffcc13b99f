// HTTP/1 of device pages, descriptions and logins in a plant: every way a message can end, and every kind of document
// that names a device.
import {
  type Bytes,
  bytesOf,
  capture,
  fromClient,
  fromServer,
  type TcpConversation,
  tcp,
  write,
} from '../../testing/index.ts';

const text = (content: string) => write().text(content);
const request = (first: string, fields: readonly string[] = [], body = '') =>
  text([first, 'Host: device', ...fields, ...(body ? [`Content-Length: ${body.length}`] : []), '', body].join('\r\n'));
const head = (first: string, ...fields: readonly string[]) => text([first, ...fields, '', ''].join('\r\n'));
/** A response with its length. */
const response = (type: string, body: Bytes | string, ...fields: readonly string[]) => {
  const bytes = typeof body === 'string' ? text(body).build() : body instanceof Uint8Array ? body : body.build();
  return head('HTTP/1.1 200 OK', `Content-Type: ${type}`, `Content-Length: ${bytes.length}`, ...fields).bytes(bytes);
};
/** A body in chunks (RFC 9112 section 7.1), with a trailer field at its end. */
const chunked = (...chunks: readonly string[]) => {
  const out = write();
  for (const chunk of chunks) out.text(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return out.text('0\r\nExpires: 0\r\n\r\n');
};

let port = 50_000;
const to = (server: string, more?: Partial<TcpConversation>): TcpConversation => ({
  client: '192.168.20.50',
  server,
  port: 80,
  clientPort: port++,
  ...more,
});
/** One request for a page, and its answer. */
const page = (server: string, target: string, type: string, body: string) =>
  tcp(to(server), [fromClient(request(`GET ${target} HTTP/1.1`)), fromServer(response(type, body))]);

/** IPP (RFC 8010 section 3): a group of attributes with tag, name and value each. */
const attribute = (tag: number, name: string, value: string) =>
  write().u8(tag).lengthPrefixed16(text(name)).lengthPrefixed16(text(value));

const UPNP = (device: string) =>
  `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major></specVersion><device>${device}</device></root>`;
const SOAP = (body: string, header = '') =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${header}<s:Body>${body}</s:Body></s:Envelope>`;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** RFC 4648 section 4, without the filling at its end. */
function base64(bytes: Bytes): string {
  const bits = Array.from(bytesOf(bytes), (byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{1,6}/g, (six) => ALPHABET[Number.parseInt(six.padEnd(6, '0'), 2)] ?? '');
}
const pair = (id: number, value: string) => write().u16le(id).lengthPrefixed16le(write().utf16le(value));
const PAIRS = write()
  .bytes(pair(2, 'PLANT'), pair(1, 'MES4'), pair(4, 'plant.example'), pair(3, 'mes4.plant.example'), pair(0, ''))
  .build();
const NTLM_SIGNATURE = write().textz('NTLMSSP');
const WINDOWS_10 = write().u8(10, 0).u16le(19041).u32le(0x0f000000);
const NTLM_CHALLENGE = write()
  .bytes(NTLM_SIGNATURE)
  .u32le(2)
  .u16le(0, 0)
  .u32le(56)
  .u32le(0x02000001)
  .zeros(16)
  .u16le(PAIRS.length, PAIRS.length)
  .u32le(56)
  .bytes(WINDOWS_10, PAIRS);
const NTLM_AUTHENTICATE = (() => {
  const workstation = write().utf16le('LINE-PC7').build();
  const user = write().utf16le('clerk').build();
  const out = write().bytes(NTLM_SIGNATURE).u32le(3).u16le(0, 0).u32le(72).u16le(0, 0).u32le(72).u16le(0, 0).u32le(72);
  out
    .u16le(user.length, user.length)
    .u32le(72)
    .u16le(workstation.length, workstation.length)
    .u32le(72 + user.length);
  return out.u16le(0, 0).u32le(72).u32le(0x02000001).bytes(WINDOWS_10, user, workstation);
})();

/** Every secret in the golden capture. */
export const secrets = [
  'hush77',
  'b3BlcmF0b3I6aHVzaDc3',
  'eyJhbGciOiJub25lIn0',
  'c00k1e-of-panel5',
  'hunter2',
  'see-all-9',
  '888888',
  'letmein',
];

export const golden = capture('HTTP device pages, descriptions, logins and odd message ends', [
  // A login page asks for a password, which then crosses in clear; two requests at once, chunks, a page without content.
  tcp(to('192.168.20.10', { close: true }), [
    fromClient(request('GET / HTTP/1.1', ['User-Agent: Mozilla/5.0 (X11)'])),
    fromServer(
      head(
        'HTTP/1.1 401 Unauthorized',
        'Server: GoAhead-Webs',
        'WWW-Authenticate: Basic realm="Panel 5", Digest realm="Panel 5", nonce="abc123=="',
        'Content-Length: 6',
      ).text('denied'),
    ),
    fromClient(
      write().bytes(
        request('GET / HTTP/1.1', ['Authorization: Basic b3BlcmF0b3I6aHVzaDc3']),
        request('GET /state HTTP/1.1', ['Authorization: Digest username="service", realm="Panel 5", response="00"']),
        request('HEAD /big HTTP/1.1', ['Authorization: Bearer eyJhbGciOiJub25lIn0', 'Cookie: sid=c00k1e-of-panel5']),
        request('GET /again HTTP/1.1'),
      ),
    ),
    fromServer(
      head('HTTP/1.1 200 OK', 'Content-Type: text/html', 'Transfer-Encoding: chunked').bytes(
        chunked('<html><head><title>Panel 5 &amp; 6', ' overview</title></head></html>'),
      ),
    ),
    fromServer(head('HTTP/1.1 204 No Content')),
    fromServer(head('HTTP/1.1 200 OK', 'Content-Length: 5000')),
    fromServer(head('HTTP/1.1 304 Not Modified', 'Content-Length: 70')),
    // A packed page, an image in chunks, a large file: passed over, and the next message is found behind them.
    fromClient(request('GET /a HTTP/1.1')),
    fromServer(response('text/html', write().zeros(50), 'Content-Encoding: gzip')),
    fromClient(request('GET /b HTTP/1.1')),
    fromServer(
      head('HTTP/1.1 200 OK', 'Content-Type: image/png', 'Transfer-Encoding: chunked').bytes(
        chunked('x'.repeat(300), 'HTTP/1.1 200 OK'),
      ),
    ),
    fromClient(request('GET /c HTTP/1.1')),
    fromServer(response('application/octet-stream', write().zeros(3000))),
    // The body waits for the server's word (RFC 9110 section 10.1.1).
    fromClient(
      request(
        'POST /login HTTP/1.1',
        ['Content-Type: application/x-www-form-urlencoded', 'Expect: 100-continue'],
        'user=line+chief&password=hunter2&x=1',
      ),
    ),
    fromServer(head('HTTP/1.1 100 Continue')),
    fromServer(head('HTTP/1.0 200 OK', 'Server: GoAhead-Webs', 'Content-Type: text/html').text('<TITLE>Done</TITLE>')),
  ]),
  // A UPnP description; the device embedded in it does not count.
  page(
    '192.168.20.11',
    '/description.xml',
    'text/xml',
    UPNP(
      `<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName>Dock hub</friendlyName>
      <manufacturer>Acme Lighting</manufacturer><modelDescription>Light bridge</modelDescription>
      <modelName>Bridge 2015</modelName><modelNumber>BSB002</modelNumber><serialNumber>02005e100011</serialNumber>
      <UDN>uuid:2f402f80-da50-11e1-9b23-02005e100011</UDN><deviceList><device><deviceType>urn:x:device:Lamp:1</deviceType>
      <friendlyName>Lamp</friendlyName><modelName>L1</modelName></device></deviceList><serialNumber>0000</serialNumber>`,
    ),
  ),
  // A program that shares films describes itself, not the computer.
  page(
    '192.168.20.12',
    '/rootDesc.xml',
    'text/xml',
    UPNP(
      `<deviceType>urn:schemas-upnp-org:device:MediaServer:1</deviceType><friendlyName>films</friendlyName>
      <manufacturer>Justin</manufacturer><modelName>MiniDLNA</modelName><serialNumber>12345678</serialNumber>`,
    ),
  ),
  // Devices in the forms of their makers: HNAP, ONVIF, cameras' XML and lines, smart home JSON.
  page(
    '192.168.20.13',
    '/HNAP1/',
    'text/xml',
    SOAP(
      '<GetDeviceSettingsResponse><Type>Camera</Type><DeviceName>Gate</DeviceName><VendorName>D-Link</VendorName><ModelName>DCS-935L</ModelName><FirmwareVersion>1.06</FirmwareVersion><HardwareVersion>A1</HardwareVersion></GetDeviceSettingsResponse>',
    ),
  ),
  tcp(to('192.168.20.14'), [
    fromClient(
      request(
        'POST /onvif/device_service HTTP/1.1',
        ['Content-Type: application/soap+xml'],
        SOAP(
          '<GetDeviceInformation/>',
          '<s:Header><w:Security><w:UsernameToken><w:Username>viewer</w:Username><w:Password Type="x#PasswordText">see-all-9</w:Password></w:UsernameToken></w:Security></s:Header>',
        ),
      ),
    ),
    fromServer(
      response(
        'application/soap+xml',
        SOAP(
          '<d:GetDeviceInformationResponse><d:Manufacturer>Bosch</d:Manufacturer><d:Model>NBN-832</d:Model><d:FirmwareVersion>7.10</d:FirmwareVersion><d:SerialNumber>044518</d:SerialNumber><d:HardwareId>F0006C</d:HardwareId></d:GetDeviceInformationResponse>',
        ),
      ),
    ),
  ]),
  page(
    '192.168.20.14',
    '/host',
    'text/xml',
    '<HostnameInformation><Name><![CDATA[gate-cam]]></Name></HostnameInformation>',
  ),
  page(
    '192.168.20.15',
    '/ISAPI/System/deviceInfo',
    'application/xml',
    '<DeviceInfo version="2.0"><deviceName>Yard</deviceName><model>DS-2CD2042</model><macAddress>02:00:5e:10:00:15</macAddress><firmwareVersion>V5.5.0</firmwareVersion><deviceType>IPCamera</deviceType></DeviceInfo>',
  ),
  page(
    '192.168.20.16',
    '/axis-cgi/param.cgi?action=list',
    'text/plain',
    'root.Brand.Brand=AXIS\r\nroot.Brand.ProdNbr=P3304\r\nroot.Properties.Firmware.Version=5.20\r\nroot.Network.HostName=axis-yard\r\n',
  ),
  page(
    '192.168.20.17',
    '/common/info.cgi',
    'text/plain',
    'model=DCS-932L\nbrand=D-Link\nversion=1.04\nlocation=Dock\n',
  ),
  page(
    '192.168.20.18',
    '/api/nouser/config',
    'application/json',
    '{"name":"Dock","swversion":"1935144020","mac":"02:00:5e:10:00:18","bridgeid":"02005EFFFE100018","modelid":"BSB002"}',
  ),
  page(
    '192.168.20.19',
    '/shelly',
    '',
    '{"id":"shellyplus1pm-02005e100019","mac":"02005E100019","model":"SNSW-001P16EU","gen":2,"fw_id":"20230913-114008/1.0.3","ver":"1.0.3","app":"Plus1PM","name":null}',
  ),
  // What is no document of a device, and one that is cut off in its middle.
  page('192.168.20.19', '/list', 'application/json', '{"bridgeid":"","modelid":"X","swversion":"1","mac":'),
  // A printer by its server field and by IPP; jobs are people's.
  tcp(to('192.168.20.20', { port: 631 }), [
    fromClient(request('POST /ipp/print HTTP/1.1', ['Content-Type: application/ipp'], 'ipp')),
    fromServer(
      response(
        'application/ipp',
        write()
          .u8(2, 0)
          .u16(0)
          .u32(1)
          .u8(1)
          .bytes(attribute(0x47, 'attributes-charset', 'utf-8'))
          .u8(4)
          .bytes(
            attribute(0x41, 'printer-make-and-model', 'HP Officejet Pro 8600'),
            attribute(0x41, 'printer-location', 'Shipping'),
            attribute(0x41, 'printer-device-id', 'MFG:HP;MDL:8600;SN:CN2BTCQ0YZ;'),
          )
          .u8(2)
          .bytes(attribute(0x41, 'printer-make-and-model', 'of a job'))
          .u8(3),
        'Server: HP HTTP Server; HP Officejet Pro 8600 - CM749A; Serial Number: CN2BTCQ0YZ; Built: x',
      ),
    ),
  ]),
  // A router reports to its operator: what it says is of itself, the client.
  tcp(to('192.0.2.5', { client: '192.168.20.21', port: 7547 }), [
    fromClient(
      request(
        'POST /acs HTTP/1.1',
        ['Content-Type: text/xml'],
        SOAP(
          '<c:Inform><DeviceId><Manufacturer>Acme</Manufacturer><ProductClass>TG789</ProductClass><SerialNumber>CP1234</SerialNumber></DeviceId><ParameterList><ParameterValueStruct><Name>Device.DeviceInfo.SoftwareVersion</Name><Value>10.5</Value></ParameterValueStruct></ParameterList></c:Inform>',
        ),
      ),
    ),
    fromServer(head('HTTP/1.1 204 No Content')),
  ]),
  // Passwords in an address and in JSON; a telephone's system in the agent of a program.
  tcp(to('192.168.20.22', { port: 8181 }), [
    fromClient(
      request('GET /get_status.cgi?loginuse=admin&loginpas=888888 HTTP/1.1', [
        'User-Agent: Dalvik/2.1.0 (Linux; U; Android 5.1.1; SM-N7505 Build/LMY47X)',
      ]),
    ),
    fromServer(response('text/plain', 'var ok=1;', 'WWW-Authenticate: NTLM')),
    fromClient(
      request(
        'POST /api/login HTTP/1.1',
        ['Content-Type: application/json'],
        '{"username": "admin", "password": "letmein"}',
      ),
    ),
    fromServer(response('application/json', '{"ok":true}')),
  ]),
  // A Windows computer logs in to another one; the tokens of NTLM name both (MS-NLMP section 2.2.1).
  tcp(to('192.168.20.28', { port: 5985 }), [
    fromClient(request('POST /wsman HTTP/1.1', [`Authorization: Negotiate ${base64(NTLM_AUTHENTICATE)}`])),
    fromServer(
      head('HTTP/1.1 401 Unauthorized', `WWW-Authenticate: NTLM ${base64(NTLM_CHALLENGE)}`, 'Content-Length: 0'),
    ),
  ]),
  // Through a proxy: what comes back is another server's. A tunnel, and a change to WebSocket: the rest is not HTTP.
  tcp(to('192.168.20.23', { port: 3128 }), [
    fromClient(request('GET http://maker.example/description.xml HTTP/1.1')),
    fromServer(response('text/html', '<title>Not the proxy</title>', 'Server: elsewhere')),
  ]),
  tcp(to('192.168.20.24', { port: 8080 }), [
    fromClient(request('CONNECT maker.example:443 HTTP/1.1')),
    fromServer(head('HTTP/1.1 200 Connection established').hex('16 03 03 00 01 00')),
  ]),
  tcp(to('192.168.20.25'), [
    fromClient(request('GET /ws HTTP/1.1', ['Upgrade: websocket', 'Connection: Upgrade'])),
    fromServer(head('HTTP/1.1 101 Switching Protocols', 'Server: Beckhoff', 'Upgrade: websocket').hex('81 02 68 69')),
  ]),
  // A connection met in its middle, and a page whose end is not in the capture.
  tcp(to('192.168.20.26', { handshake: false }), [
    fromServer(response('text/html', '<title>Boiler 2</title>', 'Server: A-B WWW/0.1')),
  ]),
  tcp(to('192.168.20.27'), [
    fromClient(request('GET / HTTP/1.1')),
    fromServer(head('HTTP/1.1 200 OK', 'Content-Type: text/html', 'Content-Length: 4000').text('<title>Kiln</title>')),
  ]),
  // DPWS metadata of a printer, and of a Windows computer, which describes its own service; a login with a digest.
  page(
    '192.168.20.32',
    '/wsd',
    'application/soap+xml',
    SOAP(
      '<m:Metadata><m:MetadataSection><p:ThisModel><p:Manufacturer>Etikett</p:Manufacturer><p:ModelName>ET-40</p:ModelName><p:ModelNumber>40-2</p:ModelNumber></p:ThisModel></m:MetadataSection><m:MetadataSection><p:ThisDevice><p:FriendlyName>Label printer hall 2</p:FriendlyName><p:FirmwareVersion>3.14</p:FirmwareVersion><p:SerialNumber>ET4000077</p:SerialNumber></p:ThisDevice></m:MetadataSection></m:Metadata>',
    ),
  ),
  tcp(to('192.168.20.33', { port: 5357 }), [
    fromClient(
      request(
        'POST /6d5f1e0a/ HTTP/1.1',
        ['Content-Type: application/soap+xml'],
        SOAP(
          '<Get/>',
          '<s:Header><w:Security><w:UsernameToken><w:Username>auditor</w:Username><w:Password Type="x#PasswordDigest">AAAA</w:Password></w:UsernameToken></w:Security></s:Header>',
        ),
      ),
    ),
    fromServer(
      response(
        'application/soap+xml',
        SOAP(
          '<m:Metadata><p:ThisModel><p:Manufacturer>Microsoft Corporation</p:Manufacturer><p:ModelName>Microsoft Publication Service Device Host</p:ModelName></p:ThisModel><p:ThisDevice><p:FirmwareVersion>1.0</p:FirmwareVersion></p:ThisDevice><p:Relationship><p:Host><c:Computer>LINE-PC9/Workgroup:PLANT</c:Computer></p:Host></p:Relationship></m:Metadata>',
        ),
      ),
    ),
  ]),
  // IO-Link masters: the community's form, then ifm's, of themselves and of what is at their ports.
  tcp(to('192.168.20.34'), [
    fromClient(request('GET /iolink/v1/gateway/identification HTTP/1.1')),
    fromServer(
      response(
        'application/json',
        '{"macAddress":"02:00:5e:10:00:34","serialNumber":"GW0034","productId":"6ES-34","vendorName":"Acme Automation","productName":"IO-Link gateway 8","hardwareRevision":"2","firmwareRevision":"1.4.0"}',
      ),
    ),
    fromClient(request('GET /iolink/v1/devices/level-4/identification HTTP/1.1')),
    fromServer(
      response(
        'application/json',
        '{"vendorId":888,"deviceId":16,"vendorName":"Acme Sensors","productName":"LevelProbe 7","serialNumber":"LP700012","firmwareRevision":"1.02","locationTag":"Tank 4"}',
      ),
    ),
  ]),
  tcp(to('192.168.20.35'), [
    fromClient(request('GET /deviceinfo/productcode/getdata HTTP/1.1')),
    fromServer(response('application/json', '{"cid":-1,"data":{"value":"AL1350"},"code":200}')),
    fromClient(
      request(
        'POST / HTTP/1.1',
        ['Content-Type: application/json'],
        '{"code":"request","cid":4,"adr":"/getdatamulti","data":{"datatosend":["/deviceinfo/serialnumber","/iolinkmaster/port[2]/iolinkdevice/productname"]}}',
      ),
    ),
    fromServer(
      response(
        'application/json',
        '{"cid":4,"data":{"/deviceinfo/serialnumber":{"code":200,"data":"000174210147"},"/iolinkmaster/port[2]/iolinkdevice/productname":{"code":200,"data":"TV7105"},"/deviceinfo/swrevision":{"code":503}},"code":200}',
      ),
    ),
  ]),
  tcp(to('192.168.20.36'), [
    fromClient(request('GET / HTTP/1.1', ['Upgrade: websocket', 'Sec-WebSocket-Protocol: hub.bsc.bacnet.org'])),
    fromServer(
      head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Sec-WebSocket-Protocol: hub.bsc.bacnet.org').hex(
        '82 02 05 06',
      ),
    ),
  ]),
]);
