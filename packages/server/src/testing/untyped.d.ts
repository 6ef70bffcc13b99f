// Two libraries without types of their own, declared as far as the tests of questions use them.

declare module 'net-snmp' {
  interface Provider {
    readonly name: string;
    readonly type: number;
    readonly oid: string;
    readonly scalarType: number;
    readonly maxAccess: number;
  }
  interface Agent {
    getMib(): { registerProvider(provider: Provider): void; setScalarValue(name: string, value: string): void };
    close(): void;
  }
  const snmp: {
    createAgent(
      options: { readonly port: number; readonly address: string; readonly disableAuthorization: boolean },
      done: () => void,
    ): Agent;
    readonly MibProviderType: { readonly Scalar: number };
    readonly ObjectType: { readonly OctetString: number };
    readonly MaxAccess: { readonly 'read-only': number };
  };
  export default snmp;
}

declare module 'ssh2' {
  import type { Server as NetServer } from 'node:net';

  const ssh2: {
    readonly utils: { generateKeyPairSync(type: 'ed25519'): { readonly private: string } };
    readonly Server: new (
      options: { readonly hostKeys: readonly string[]; readonly ident: string },
      onClient: () => void,
    ) => NetServer;
  };
  export default ssh2;
}
