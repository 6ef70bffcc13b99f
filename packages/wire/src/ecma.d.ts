// The pure packages compile without Node's and the browser's types. These two classes are in both and in no
// ECMAScript library file, so they are declared here as far as they are used.
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
