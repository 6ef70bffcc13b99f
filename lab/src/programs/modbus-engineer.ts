// The engineer asks the packaging line what it is, and changes a block of set points.
import modbus from 'modbus-serial';

const client = new modbus.default();
await client.connectTCP(process.argv[2] ?? '', { port: 502 });
client.setID(1);
await client.readDeviceIdentification(1, 0);
await client.readDeviceIdentification(2, 0);
await client.writeRegisters(50, [10, 20, 30]);
client.close(() => undefined);
