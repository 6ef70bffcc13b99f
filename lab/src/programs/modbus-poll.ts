// The operator panel's side of Modbus: reads what it shows, and now and then sets a speed.
import modbus from 'modbus-serial';

const client = new modbus.default();
await client.connectTCP(process.argv[2] ?? '', { port: 502 });
client.setID(1);
for (let round = 0; ; round++) {
  await client.readHoldingRegisters(0, 10);
  await client.readCoils(0, 8);
  if (round % 20 === 10) await client.writeRegister(40, 1200 + round);
  await new Promise((next) => setTimeout(next, 600));
}
