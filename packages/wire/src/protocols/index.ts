// Every protocol, one line each, by name. The engine, the reference page and the keeper script read this array.
import type { AnyProtocol } from '../protocol.ts';

export const PROTOCOLS: readonly AnyProtocol[] = [];
