// Formats in which the inventory is handed on to other tools.
export { writeCycloneDx } from './cyclonedx.ts';
export {
  type ExportedAddress,
  type ExportedDevice,
  type ExportedPart,
  type ExportOrigin,
  type ExportWriter,
  exportedParts,
} from './exported.ts';
export { writeNetBox } from './netbox.ts';
export { writeStix } from './stix.ts';
