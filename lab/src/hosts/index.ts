// The hosts of the lab, one line each. Addresses, names and serial numbers are invented; address prefixes are those of
// makers of such devices, so that the demo reads like a plant.
import type { Host } from '../host.ts';
import { badgeReader } from './badge-reader.ts';
import { camera } from './camera.ts';
import { cloud } from './cloud.ts';
import { coffeeMachine } from './coffee-machine.ts';
import { engineeringStation } from './engineering-station.ts';
import { fileServer } from './file-server.ts';
import { hmi } from './hmi.ts';
import { labelPrinter } from './label-printer.ts';
import { packagingPlc } from './packaging-plc.ts';
import { pressPlc } from './press-plc.ts';
import { roomController } from './room-controller.ts';
import { router } from './router.ts';
import { switchOne } from './switch.ts';
import { ups } from './ups.ts';

export const HOSTS: readonly Host[] = [
  router,
  switchOne,
  pressPlc,
  packagingPlc,
  roomController,
  ups,
  hmi,
  engineeringStation,
  fileServer,
  badgeReader,
  camera,
  labelPrinter,
  coffeeMachine,
  cloud,
];
