// The engineer looks for building controllers and reads what each one is.
import bacnet from 'node-bacnet';

const { DEVICE } = bacnet.enum.ObjectType;
const WANTED = [
  'OBJECT_NAME',
  'VENDOR_NAME',
  'MODEL_NAME',
  'FIRMWARE_REVISION',
  'APPLICATION_SOFTWARE_VERSION',
  'LOCATION',
  'DESCRIPTION',
] as const;

const client = new bacnet({ broadcastAddress: '192.168.10.255', apduTimeout: 2000 });
client.on('error', (error: Error) => console.error(`BACnet client: ${error.message}`));
client.on('iAm', async ({ header, payload }) => {
  for (const name of WANTED) {
    await new Promise<void>((next) =>
      client.readProperty(
        header.sender,
        { type: DEVICE, instance: payload.deviceId },
        bacnet.enum.PropertyIdentifier[name],
        (error: Error | undefined) => {
          if (error) console.error(`BACnet client: ${name}: ${error.message}`);
          next();
        },
      ),
    );
  }
  client.close();
});
client.on('listening', () => client.whoIs());
setTimeout(() => process.exit(0), 8000);
