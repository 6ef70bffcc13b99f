// The allow-list: every question that Interlock can put to a device, and every byte it can send. Nothing here writes,
// starts, stops or changes anything in a device.
import type { Question } from '../question.ts';
import { bacnet } from './bacnet.ts';
import { cip } from './cip.ts';
import { http, ssdp, tls } from './http.ts';
import { mdns } from './mdns.ts';
import { modbus } from './modbus.ts';
import { opcua } from './opcua.ts';
import { profinet } from './profinet.ts';
import { s7 } from './s7.ts';
import { snmpEngine, snmpSystem } from './snmp.ts';
import { ssh } from './ssh.ts';

export const QUESTIONS: readonly Question[] = [
  bacnet,
  cip,
  http,
  mdns,
  modbus,
  opcua,
  profinet,
  s7,
  snmpEngine,
  snmpSystem,
  ssdp,
  ssh,
  tls,
];
export const questionNamed = (name: string): Question | undefined => QUESTIONS.find((one) => one.name === name);
