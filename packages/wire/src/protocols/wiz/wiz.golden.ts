// WiZ lamps: a search, the settings of a lamp, what is done to it, and what is no message.
import { capture, fromClient, fromServer, udp, udpExchange, write } from '../../testing/index.ts';

const text = (content: string) => write().text(content);
const lamp = { client: '10.9.5.5', server: '10.9.5.10', port: 38_899, clientPort: 50_000 };

export const golden = capture('WiZ lamps', [
  udp(
    { from: '10.9.5.5', fromPort: 50_000, to: '10.9.5.255', toPort: 38_899 },
    text('{"method":"registration","params":{"phoneMac":"AAAAAAAAAAAA","register":false,"phoneIp":"10.9.5.5"}}'),
  ),
  udpExchange(lamp, [
    fromServer(text('{"method":"registration","env":"pro","result":{"mac":"02005e100d10","success":true}}')),
    fromClient(text('{"method":"getSystemConfig","params":{}}')),
    fromServer(
      text(
        '{"method":"getSystemConfig","env":"pro","result":{"mac":"02005e100d10","homeId":1,"moduleName":"ESP25_SHRGB_01","fwVersion":"1.38.0"}}',
      ),
    ),
    fromClient(text('{"method":"setPilot","params":{"state":true}}')),
    fromServer(text('{"method":"setPilot","env":"pro","result":{"success":true}}')),
    fromClient(text('{"method":"somethingElse","params":{}}')),
  ]),
  udp(
    { from: '10.9.5.11', fromPort: 38_899, to: '10.9.5.5', toPort: 38_900 },
    text('{"method":"syncPilot","env":"pro","params":{"mac":"02005e100d11","state":false}}'),
  ),
  udp({ from: '10.9.5.12', fromPort: 38_899, to: '10.9.5.5', toPort: 38_900 }, text('{"method":"syncPi')),
]);
