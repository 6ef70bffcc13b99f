// Managed objects that say what a device is: the standard ones, and the private ones with which vendors name model,
// serial number and versions. One line each; everything else an agent answers is passed over.

/** What the value of an object is, as a fact of the agent's device. */
export const OBJECT_KINDS = [
  'device.vendor',
  'device.model',
  'device.order-number',
  'device.serial',
  'device.firmware',
  'device.software',
  'device.hardware-version',
  'device.asset-id',
  'device.description',
  'device.location',
  'device.contact',
  'device.hostname',
  'device.friendly-label',
  'device.plant',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** The kind an object's value has, with the object's name for the source; undefined for objects that are not listed. */
export function objectOf(oid: string): { readonly kind: ObjectKind; readonly name: string } | undefined {
  const scalar = OBJECTS[oid];
  if (scalar) return { kind: scalar[0], name: scalar[1] };
  // Moxa's switches have one subtree per product with the same objects in it.
  if (!oid.startsWith(MOXA_SWITCHES)) return undefined;
  if (/^\d+\.1\.2\.0$/.test(oid.slice(MOXA_SWITCHES.length))) return MOXA_MODEL;
  return /^\d+\.1\.4\.0$/.test(oid.slice(MOXA_SWITCHES.length)) ? MOXA_FIRMWARE : undefined;
}
const MOXA_SWITCHES = '1.3.6.1.4.1.8691.7.';
const MOXA_MODEL = { kind: 'device.model', name: 'switchModel' } as const;
const MOXA_FIRMWARE = { kind: 'device.firmware', name: 'firmwareVersion' } as const;

/** Columns of entPhysicalTable (RFC 6933), for the row of the chassis. */
export const ENTITY_COLUMNS: Record<number, readonly [ObjectKind, string]> = {
  8: ['device.hardware-version', 'entPhysicalHardwareRev'],
  9: ['device.firmware', 'entPhysicalFirmwareRev'],
  10: ['device.software', 'entPhysicalSoftwareRev'],
  11: ['device.serial', 'entPhysicalSerialNum'],
  12: ['device.vendor', 'entPhysicalMfgName'],
  13: ['device.model', 'entPhysicalModelName'],
  15: ['device.asset-id', 'entPhysicalAssetID'],
};

/** Objects whose value is a device identifier of IEEE 1284: `MFG:HP;MDL:LaserJet 400;SN:VNB1234567;`. */
export const DEVICE_IDENTIFIERS = new Set(['1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1', '1.3.6.1.4.1.11.2.3.9.1.1.7.0']);

/** Names of objects that people set, for the detail of an operation. */
export const settableName = (oid: string): string => OBJECTS[oid]?.[1] ?? SETTABLE[oid] ?? oid;
const SETTABLE: Record<string, string> = {
  '1.3.6.1.2.1.1.4.0': 'sysContact',
  '1.3.6.1.2.1.1.5.0': 'sysName',
  '1.3.6.1.2.1.1.6.0': 'sysLocation',
};

const OBJECTS: Record<string, readonly [ObjectKind, string]> = {
  // RFC 3418, system group. The description, object identifier, uptime and name are treated apart.
  '1.3.6.1.2.1.1.4.0': ['device.contact', 'sysContact'],
  '1.3.6.1.2.1.1.6.0': ['device.location', 'sysLocation'],
  // RFC 1628, UPS-MIB.
  '1.3.6.1.2.1.33.1.1.1.0': ['device.vendor', 'upsIdentManufacturer'],
  '1.3.6.1.2.1.33.1.1.2.0': ['device.model', 'upsIdentModel'],
  '1.3.6.1.2.1.33.1.1.3.0': ['device.firmware', 'upsIdentUPSSoftwareVersion'],
  '1.3.6.1.2.1.33.1.1.4.0': ['device.software', 'upsIdentAgentSoftwareVersion'],
  '1.3.6.1.2.1.33.1.1.5.0': ['device.friendly-label', 'upsIdentName'],
  // RFC 3805, Printer-MIB.
  '1.3.6.1.2.1.43.5.1.1.16.1': ['device.friendly-label', 'prtGeneralPrinterName'],
  '1.3.6.1.2.1.43.5.1.1.17.1': ['device.serial', 'prtGeneralSerialNumber'],
  // LLDP-MIB and its extension for media endpoints, local system.
  '1.0.8802.1.1.2.1.5.4795.1.2.2.0': ['device.hardware-version', 'lldpXMedLocHardwareRev'],
  '1.0.8802.1.1.2.1.5.4795.1.2.3.0': ['device.firmware', 'lldpXMedLocFirmwareRev'],
  '1.0.8802.1.1.2.1.5.4795.1.2.4.0': ['device.software', 'lldpXMedLocSoftwareRev'],
  '1.0.8802.1.1.2.1.5.4795.1.2.5.0': ['device.serial', 'lldpXMedLocSerialNum'],
  '1.0.8802.1.1.2.1.5.4795.1.2.6.0': ['device.vendor', 'lldpXMedLocMfgName'],
  '1.0.8802.1.1.2.1.5.4795.1.2.7.0': ['device.model', 'lldpXMedLocModelName'],
  '1.0.8802.1.1.2.1.5.4795.1.2.8.0': ['device.asset-id', 'lldpXMedLocAssetID'],
  // Siemens, AUTOMATION-SYSTEM-MIB.
  '1.3.6.1.4.1.4329.6.3.2.1.1.2.0': ['device.order-number', 'automationOrderNumber'],
  '1.3.6.1.4.1.4329.6.3.2.1.1.3.0': ['device.serial', 'automationSerialNumber'],
  '1.3.6.1.4.1.4329.6.3.2.1.1.4.0': ['device.hardware-version', 'automationHwRevision'],
  '1.3.6.1.4.1.4329.6.3.2.1.1.5.0': ['device.firmware', 'automationSwRevision'],
  '1.3.6.1.4.1.4329.6.3.2.1.1.8.0': ['device.plant', 'automationFunctionTag'],
  '1.3.6.1.4.1.4329.6.3.2.1.1.9.0': ['device.location', 'automationLocationTag'],
  // RuggedCom.
  '1.3.6.1.4.1.15004.4.2.3.1.0': ['device.serial', 'rcDeviceInfoSerialNumber'],
  '1.3.6.1.4.1.15004.4.2.3.3.0': ['device.firmware', 'rcDeviceInfoMainSwVersion'],
  // Hirschmann, classic and HiOS.
  '1.3.6.1.4.1.248.14.1.1.9.1.10.1': ['device.serial', 'hmSysGroupSerialNum'],
  '1.3.6.1.4.1.248.11.10.1.1.2.0': ['device.model', 'hm2DevMgmtProductDescr'],
  '1.3.6.1.4.1.248.11.10.1.1.3.0': ['device.serial', 'hm2DevMgmtSerialNumber'],
  // Phoenix Contact, FL-MGD-INFRASTRUCT-MIB.
  '1.3.6.1.4.1.4346.11.11.1.4.0': ['device.serial', 'flWorkBasicSerialNumber'],
  '1.3.6.1.4.1.4346.11.11.1.5.0': ['device.hardware-version', 'flWorkBasicHWRevision'],
  // Moxa, MOXA-SYSTEM-INFO-MIB.
  '1.3.6.1.4.1.8691.602.1.1.2.2.1.0': ['device.firmware', 'siStatProductInfoFirmwareVersion'],
  '1.3.6.1.4.1.8691.602.1.1.2.2.3.0': ['device.serial', 'siStatProductInfoSerialNumber'],
  // WAGO.
  '1.3.6.1.4.1.13576.10.1.1.0': ['device.order-number', 'wioArticleName'],
  '1.3.6.1.4.1.13576.10.1.3.0': ['device.serial', 'wioSerialNumber'],
  '1.3.6.1.4.1.13576.10.1.10.2.0': ['device.hardware-version', 'wioHardwareIndex'],
  '1.3.6.1.4.1.13576.10.1.10.4.0': ['device.firmware', 'wioFirmwareVersion'],
  // Power: APC (UPS, power distribution), Eaton, Vertiv, CyberPower.
  '1.3.6.1.4.1.318.1.1.1.1.1.1.0': ['device.model', 'upsBasicIdentModel'],
  '1.3.6.1.4.1.318.1.1.1.1.1.2.0': ['device.friendly-label', 'upsBasicIdentName'],
  '1.3.6.1.4.1.318.1.1.1.1.2.1.0': ['device.firmware', 'upsAdvIdentFirmwareRevision'],
  '1.3.6.1.4.1.318.1.1.1.1.2.3.0': ['device.serial', 'upsAdvIdentSerialNumber'],
  '1.3.6.1.4.1.318.1.1.12.1.1.0': ['device.friendly-label', 'rPDUIdentName'],
  '1.3.6.1.4.1.318.1.1.12.1.2.0': ['device.hardware-version', 'rPDUIdentHardwareRev'],
  '1.3.6.1.4.1.318.1.1.12.1.3.0': ['device.firmware', 'rPDUIdentFirmwareRev'],
  '1.3.6.1.4.1.318.1.1.12.1.5.0': ['device.model', 'rPDUIdentModelNumber'],
  '1.3.6.1.4.1.318.1.1.12.1.6.0': ['device.serial', 'rPDUIdentSerialNumber'],
  '1.3.6.1.4.1.318.1.1.26.2.1.3.1': ['device.friendly-label', 'rPDU2IdentName'],
  '1.3.6.1.4.1.318.1.1.26.2.1.5.1': ['device.hardware-version', 'rPDU2IdentHardwareRev'],
  '1.3.6.1.4.1.318.1.1.26.2.1.6.1': ['device.firmware', 'rPDU2IdentFirmwareRev'],
  '1.3.6.1.4.1.318.1.1.26.2.1.8.1': ['device.model', 'rPDU2IdentModelNumber'],
  '1.3.6.1.4.1.318.1.1.26.2.1.9.1': ['device.serial', 'rPDU2IdentSerialNumber'],
  '1.3.6.1.4.1.534.1.1.1.0': ['device.vendor', 'xupsIdentManufacturer'],
  '1.3.6.1.4.1.534.1.1.2.0': ['device.model', 'xupsIdentModel'],
  '1.3.6.1.4.1.534.1.1.3.0': ['device.firmware', 'xupsIdentSoftwareVersion'],
  '1.3.6.1.4.1.534.1.1.6.0': ['device.serial', 'xupsIdentSerialNumber'],
  '1.3.6.1.4.1.476.1.42.2.1.1.0': ['device.vendor', 'lgpAgentIdentManufacturer'],
  '1.3.6.1.4.1.476.1.42.2.1.2.0': ['device.model', 'lgpAgentIdentModel'],
  '1.3.6.1.4.1.476.1.42.2.1.3.0': ['device.firmware', 'lgpAgentIdentFirmwareVersion'],
  '1.3.6.1.4.1.476.1.42.2.1.4.0': ['device.serial', 'lgpAgentIdentSerialNumber'],
  '1.3.6.1.4.1.3808.1.1.1.1.1.1.0': ['device.model', 'upsBaseIdentModel'],
  '1.3.6.1.4.1.3808.1.1.1.1.2.1.0': ['device.firmware', 'upsAdvanceIdentFirmwareRevision'],
  '1.3.6.1.4.1.3808.1.1.1.1.2.3.0': ['device.serial', 'upsAdvanceIdentSerialNumber'],
  // Network equipment.
  '1.3.6.1.4.1.9.3.6.3.0': ['device.serial', 'chassisId'],
  '1.3.6.1.4.1.9.5.1.2.16.0': ['device.model', 'chassisModel'],
  '1.3.6.1.4.1.9.5.1.2.19.0': ['device.serial', 'chassisSerialNumberString'],
  '1.3.6.1.4.1.11.2.14.11.5.1.1.3.0': ['device.firmware', 'hpSwitchOsVersion'],
  '1.3.6.1.4.1.11.2.36.1.1.2.9.0': ['device.serial', 'hpHttpMgSerialNumber'],
  '1.3.6.1.4.1.2636.3.1.3.0': ['device.serial', 'jnxBoxSerialNo'],
  '1.3.6.1.4.1.4526.10.1.1.1.4.0': ['device.serial', 'agentInventorySerialNumber'],
  '1.3.6.1.4.1.12356.100.1.1.1.0': ['device.serial', 'fnSysSerial'],
  '1.3.6.1.4.1.12356.101.4.1.1.0': ['device.firmware', 'fgSysVersion'],
  '1.3.6.1.4.1.14988.1.1.4.4.0': ['device.software', 'mtxrLicVersion'],
  '1.3.6.1.4.1.14988.1.1.7.3.0': ['device.serial', 'mtxrSerialNumber'],
  '1.3.6.1.4.1.14988.1.1.7.4.0': ['device.firmware', 'mtxrFirmwareVersion'],
  '1.3.6.1.4.1.25461.2.1.2.1.1.0': ['device.firmware', 'panSysSwVersion'],
  '1.3.6.1.4.1.25461.2.1.2.1.2.0': ['device.hardware-version', 'panSysHwVersion'],
  '1.3.6.1.4.1.25461.2.1.2.1.3.0': ['device.serial', 'panSysSerialNumber'],
  '1.3.6.1.4.1.41112.1.6.3.3.0': ['device.model', 'unifiApSystemModel'],
  '1.3.6.1.4.1.41112.1.6.3.6.0': ['device.firmware', 'unifiApSystemVersion'],
  // Servers and storage.
  '1.3.6.1.4.1.232.2.2.2.1.0': ['device.serial', 'cpqSiSysSerialNum'],
  '1.3.6.1.4.1.232.2.2.4.2.0': ['device.model', 'cpqSiProductName'],
  '1.3.6.1.4.1.674.10892.5.1.1.8.0': ['device.firmware', 'racFirmwareVersion'],
  '1.3.6.1.4.1.674.10892.5.1.3.2.0': ['device.serial', 'systemServiceTag'],
  '1.3.6.1.4.1.674.10892.5.1.3.12.0': ['device.model', 'systemModelName'],
  '1.3.6.1.4.1.6574.1.5.1.0': ['device.model', 'modelName'],
  '1.3.6.1.4.1.6574.1.5.2.0': ['device.serial', 'serialNumber'],
  '1.3.6.1.4.1.6574.1.5.3.0': ['device.firmware', 'version'],
  '1.3.6.1.4.1.24681.1.2.12.0': ['device.model', 'modelName'],
  // Printers and label printers.
  '1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.2.0': ['device.model', 'model-name'],
  '1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0': ['device.serial', 'serial-number'],
  '1.3.6.1.4.1.236.11.5.1.1.1.4.0': ['device.serial', 'scmGenMachineSerialNumber'],
  '1.3.6.1.4.1.253.8.53.3.2.1.3.1': ['device.serial', 'xcmHrDevDetailSerialNumber'],
  '1.3.6.1.4.1.367.3.2.1.2.1.4.0': ['device.serial', 'ricohEngSerialNumber'],
  '1.3.6.1.4.1.641.2.1.2.1.2.1': ['device.model', 'prtgenPrinterName'],
  '1.3.6.1.4.1.641.2.1.2.1.6.1': ['device.serial', 'prtgenSerialNumber'],
  '1.3.6.1.4.1.1347.43.5.1.1.28.1': ['device.serial', 'kyoceraSerialNumber'],
  '1.3.6.1.4.1.1602.1.2.1.4.0': ['device.serial', 'canonSerialNumber'],
  '1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1.0': ['device.serial', 'brInfoSerialNumber'],
  '1.3.6.1.4.1.10642.1.1.0': ['device.model', 'zebraModel'],
  '1.3.6.1.4.1.10642.1.2.0': ['device.firmware', 'zebraFirmware'],
  '1.3.6.1.4.1.10642.1.4.0': ['device.friendly-label', 'zebraName'],
  '1.3.6.1.4.1.10642.1.9.0': ['device.serial', 'zebraSerialNumber'],
};
