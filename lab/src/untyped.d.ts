// Two libraries without types of their own, declared as far as the lab uses them.

declare module 'multicast-dns' {
  interface Record {
    readonly name: string;
    readonly type: 'PTR' | 'SRV' | 'TXT' | 'A';
    readonly ttl: number;
    readonly flush?: boolean;
    readonly data: string | readonly string[] | { readonly port: number; readonly target: string };
  }
  export default function multicastDns(options: { readonly interface: string }): {
    respond(records: readonly Record[]): void;
  };
}

declare module 'node-bacnet' {
  interface ObjectId {
    readonly type: number;
    readonly instance: number;
  }
  interface Property {
    readonly id: number;
    readonly index: number;
  }
  interface Request<P> {
    readonly header: { readonly sender: object };
    readonly invokeId: number;
    readonly payload: P;
  }
  interface Enumerations {
    readonly ApplicationTag: { readonly CHARACTER_STRING: number; readonly UNSIGNED_INTEGER: number };
    readonly ObjectType: { readonly DEVICE: number };
    readonly Segmentation: { readonly NO_SEGMENTATION: number };
    readonly ConfirmedServiceChoice: { readonly READ_PROPERTY: number };
    readonly ErrorClass: { readonly PROPERTY: number };
    readonly ErrorCode: { readonly UNKNOWN_PROPERTY: number };
    readonly PropertyIdentifier: {
      readonly [Name in
        | 'OBJECT_NAME'
        | 'VENDOR_NAME'
        | 'VENDOR_IDENTIFIER'
        | 'MODEL_NAME'
        | 'FIRMWARE_REVISION'
        | 'APPLICATION_SOFTWARE_VERSION'
        | 'LOCATION'
        | 'DESCRIPTION']: number;
    };
  }
  export default class Bacnet {
    static readonly enum: Enumerations;
    constructor(options: { readonly broadcastAddress: string; readonly apduTimeout?: number });
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'listening', listener: () => void): this;
    on(event: 'whoIs', listener: (request: Request<object>) => void): this;
    on(event: 'iAm', listener: (request: Request<{ readonly deviceId: number }>) => void): this;
    on(
      event: 'readProperty',
      listener: (request: Request<{ readonly objectId: ObjectId; readonly property: Property }>) => void,
    ): this;
    whoIs(): void;
    iAmResponse(receiver: object | null, instance: number, segmentation: number, vendor: number): void;
    readProperty(receiver: object, object: ObjectId, property: number, done: (error?: Error) => void): void;
    readPropertyResponse(
      receiver: object,
      invokeId: number,
      object: ObjectId,
      property: Property,
      value: readonly object[],
    ): void;
    errorResponse(receiver: object, service: number, invokeId: number, errorClass: number, errorCode: number): void;
    close(): void;
  }
}
