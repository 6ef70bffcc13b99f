// One vocabulary for what is done to a device, so that nothing to the right of the observations needs to know protocols.

/** Kinds of operation, from harmless to grave. Every industrial protocol maps its functions onto these. */
export const OPERATION_KINDS = {
  read: 'reads values or the state of the process',
  diagnostic: 'asks for identity, counters or diagnostic data',
  write: 'changes a process value or an output',
  configure: 'changes settings: addresses, names, time, parameters',
  logic: 'transfers program logic to or from the device',
  mode: 'changes the operating mode: start, stop, reset',
  firmware: 'transfers or activates firmware',
  file: 'transfers or deletes a file',
  authentication: 'logs in, out, or changes a credential or access level',
  session: 'opens, keeps or closes a connection',
} as const;
export type OperationKind = keyof typeof OPERATION_KINDS;
