// The pure packages compile without Node's and the browser's types. This one class is in both and in no ECMAScript
// library file, so it is declared here as far as it is used.
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}
