// Written by hand: an office printer that is asked who it is and given a job with a password, a label printer with ZPL and
// with variables, a file that is fetched from a printer, something else on the port.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (content: string) => write().text(content);
const UEL = '\x1b%-12345X';

/** Every secret in the golden capture. */
export const secrets = ['40421'];

export const golden = capture('Raw printing: PJL, ZPL, SGD', [
  tcp({ client: '10.26.0.9', server: '10.26.0.30', port: 9100 }, [
    fromClient(text(`${UEL}@PJL INFO ID\r\n`)),
    fromServer(text('@PJL INFO ID\r\n"Tintenwerk LaserJet 4240"\r\n\f')),
    fromClient(text('@PJL INFO PRODINFO\r\n')),
    fromServer(
      text(
        '@PJL INFO PRODINFO\r\nProductName = "Tintenwerk LaserJet 4240"\r\nProductSerialNumber = "CNRXB00042"\r\nFirmwareDateCode = "20170104 08.270.0"\r\nServiceID = "00000"\r\n\f',
      ),
    ),
    fromClient(text('@PJL JOB PASSWORD=40421\r\n')),
    fromClient(text('@PJL DEFAULT COPIES=2\r\n')),
    fromClient(text('\r\n')),
    fromClient(text('%!PS-Adobe-3.0\r\nshowpage\r\n')),
  ]),
  tcp({ client: '10.26.0.9', server: '10.26.0.31', port: 9100, clientPort: 50_001 }, [
    fromClient(text('~HI')),
    fromServer(text('\x02ZT410-300dpi ZPL,V75.20.01Z,12,2104KB\x03\r\n')),
    fromClient(text('! U1 getvar "device.unique_id"\r\n')),
    fromServer(text('"18J000042"')),
    fromClient(text('! U1 getvar "internal_wired.mac_addr"\r\n')),
    fromServer(text('"00:07:4d:00:26:31"')),
    fromClient(text('! U1 getvar "device.friendly_name"\r\n')),
    fromServer(text('"labels hall 2"')),
    fromClient(text('! U1 getvar "device.languages"\r\n')),
    fromServer(text('"zpl"')),
    fromClient(text('! U1 setvar "print.tone" "4"\r\n')),
    fromClient(text('^XA^FO50,50^FDoven 7^FS^XZ')),
  ]),
  tcp({ client: '10.26.0.66', server: '10.26.0.30', port: 9105, clientPort: 50_002 }, [
    fromClient(text(`${UEL}@PJL FSUPLOAD NAME="0:\\pjl\\config" OFFSET=0 SIZE=128\r\n`)),
    fromServer(text('@PJL FSUPLOAD FORMAT:BINARY\r\n\f')),
  ]),
  // A measuring instrument has the same port.
  tcp({ client: '10.26.0.9', server: '10.26.0.32', port: 9100, clientPort: 50_003 }, [
    fromClient(text('MEAS:VOLT?\n')),
  ]),
]);
