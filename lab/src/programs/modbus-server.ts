// The controller of the packaging line: a Modbus/TCP server with registers that move and its device identification.
import { type IServiceVector, ServerTCP } from 'modbus-serial';

let piecesPacked = 0;
setInterval(() => piecesPacked++, 700);
const setpoints = new Map<number, number>();

/** Object ids of Modbus Application Protocol V1.1b3 section 6.21. */
const IDENTIFICATION = {
  0: 'Schneider Electric',
  1: 'BMX P34 2020',
  2: 'V3.20',
  3: 'www.schneider-electric.com',
  4: 'Modicon M340',
  5: 'M340 CPU 340-20',
  6: 'Packaging line 2',
};
const registers: IServiceVector & { readDeviceIdentification: () => typeof IDENTIFICATION } = {
  getHoldingRegister: (address: number) =>
    setpoints.get(address) ?? (address === 0 ? piecesPacked & 0xffff : address * 10),
  getInputRegister: (address: number) => (piecesPacked + address) & 0xffff,
  getCoil: (address: number) => address % 2 === 0,
  setRegister: (address: number, value: number) => void setpoints.set(address, value),
  setCoil: () => undefined,
  readDeviceIdentification: () => IDENTIFICATION,
};
const server = new ServerTCP(registers, { host: '0.0.0.0', port: 502, unitID: 1 });
server.on('socketError', (error) => console.error(`Modbus server: ${error?.message}`));
