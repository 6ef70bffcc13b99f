// The room controller: answers Who-Is and reads of its device object (ANSI/ASHRAE 135 clause 12.11).
import bacnet from 'node-bacnet';

const INSTANCE = 50115;
const VENDOR = 36; // Tridium, in ASHRAE's list of vendor identifiers
const CHARACTER_STRING = bacnet.enum.ApplicationTag.CHARACTER_STRING;
const UNSIGNED = bacnet.enum.ApplicationTag.UNSIGNED_INTEGER;
const PROPERTIES: Readonly<Record<number, { readonly type: number; readonly value: string | number }>> = {
  [bacnet.enum.PropertyIdentifier.OBJECT_NAME]: { type: CHARACTER_STRING, value: 'HVAC-HALL1-RC1' },
  [bacnet.enum.PropertyIdentifier.VENDOR_NAME]: { type: CHARACTER_STRING, value: 'Tridium' },
  [bacnet.enum.PropertyIdentifier.VENDOR_IDENTIFIER]: { type: UNSIGNED, value: VENDOR },
  [bacnet.enum.PropertyIdentifier.MODEL_NAME]: { type: CHARACTER_STRING, value: 'JACE-8000' },
  [bacnet.enum.PropertyIdentifier.FIRMWARE_REVISION]: { type: CHARACTER_STRING, value: '4.10.3.20' },
  [bacnet.enum.PropertyIdentifier.APPLICATION_SOFTWARE_VERSION]: { type: CHARACTER_STRING, value: 'Hall 1 r12' },
  [bacnet.enum.PropertyIdentifier.LOCATION]: { type: CHARACTER_STRING, value: 'Hall 1, roof' },
  [bacnet.enum.PropertyIdentifier.DESCRIPTION]: { type: CHARACTER_STRING, value: 'Air handling of hall 1' },
};

const device = new bacnet({ broadcastAddress: '192.168.10.255' });
device.on('error', (error: Error) => console.error(`BACnet device: ${error.message}`));
device.on('whoIs', () => device.iAmResponse(null, INSTANCE, bacnet.enum.Segmentation.NO_SEGMENTATION, VENDOR));
device.on('readProperty', ({ header, invokeId, payload }) => {
  const found = PROPERTIES[payload.property.id];
  if (found) device.readPropertyResponse(header.sender, invokeId, payload.objectId, payload.property, [found]);
  else
    device.errorResponse(
      header.sender,
      bacnet.enum.ConfirmedServiceChoice.READ_PROPERTY,
      invokeId,
      bacnet.enum.ErrorClass.PROPERTY,
      bacnet.enum.ErrorCode.UNKNOWN_PROPERTY,
    );
});
