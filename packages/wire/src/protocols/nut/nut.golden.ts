// Written by hand after RFC 9271: a client that lists and reads supplies, an operator who logs in and switches power,
// something else on the port.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (...lines: readonly string[]) => write().text(lines.map((line) => `${line}\n`).join(''));
const SERVER = '10.28.0.5';

/** Every secret in the golden capture. */
export const secrets = ['volt9pw'];

export const golden = capture('NUT', [
  tcp({ client: '10.28.0.9', server: SERVER, port: 3493 }, [
    fromClient(text('LIST UPS')),
    fromServer(text('BEGIN LIST UPS', 'UPS cell7 "Rack 7 feed \\"A\\""', 'END LIST UPS')),
    fromClient(text('LIST VAR cell7')),
    fromServer(
      text(
        'BEGIN LIST VAR cell7',
        'VAR cell7 ups.mfr "Kraftwerk"',
        'VAR cell7 ups.model "KW 3000 RT"',
        'VAR cell7 ups.serial "KW30000042"',
        'VAR cell7 ups.firmware "02.08"',
        'VAR cell7 device.location "hall 2"',
        'VAR cell7 driver.name "usbhid-ups"',
        'VAR cell7 battery.charge "100"',
        'END LIST VAR cell7',
      ),
    ),
  ]),
  tcp({ client: '10.28.0.10', server: SERVER, port: 3493, clientPort: 50_001 }, [
    fromClient(text('USERNAME shift')),
    fromServer(text('OK')),
    fromClient(text('PASSWORD volt9pw')),
    fromServer(text('OK')),
    fromClient(text('INSTCMD cell7 load.off')),
    fromServer(text('OK')),
    fromClient(text('SET VAR cell7 ups.delay.shutdown "20"')),
    fromServer(text('ERR READONLY')),
    fromClient(text('INSTCMD cell7 test.battery.start')),
    fromClient(text('FSD cell7')),
    fromServer(text('OK FSD-SET')),
  ]),
  tcp({ client: '10.28.0.10', server: '10.28.0.6', port: 3493, clientPort: 50_002 }, [fromClient(text('HELO plant'))]),
]);
