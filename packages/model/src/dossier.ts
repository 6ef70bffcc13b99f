// Everything known of one device, handed to evaluators together with the time at which it is looked at.
import type { Conversation, Device, Operation } from './device.ts';

export interface Dossier {
  readonly device: Device;
  readonly conversations: readonly Conversation[];
  readonly operations: readonly Operation[];
  /** Milliseconds since 1970: pure code has no clock of its own. */
  readonly at: number;
}
