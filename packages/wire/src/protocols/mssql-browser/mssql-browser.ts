// The browser service of SQL Server: tells whoever asks which instances a computer runs, in which version and where.
import { isHost } from '../../banners.ts';
import { protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';

/** Instances of one answer; a computer runs at most 50. */
const MAX_INSTANCES = 64;
/** Names of fields and their values, for one instance. */
const MAX_FIELDS = 32;

interface Instance {
  readonly host: string;
  readonly name: string;
  readonly version: string;
}

export const mssqlBrowser = protocol({
  name: 'mssql-browser',
  title: 'SQL Server browser',
  spec: 'MC-SQLR sections 2.2.1 to 2.2.6',
  depth: 'full',
  on: { udp: [1434] },
  tells: ['device.hostname', 'device.software', 'database.instance'],

  read(reader, { fromClient }): readonly Instance[] | undefined {
    const type = reader.u8();
    if (fromClient) return isRequest(type, reader.left) ? [] : undefined;
    if (type !== 5 || reader.u16le() !== reader.left) return undefined;
    // The answer for the administrator's connection: version 1 and a port.
    if (reader.left === 3) return [];
    const text = reader.text(reader.left);
    if (!text.startsWith('ServerName;')) return undefined;
    return text.split(';;', MAX_INSTANCES).flatMap(readInstance);
  },

  observe(instances, say, { sender }) {
    for (const { host, name, version } of instances) {
      if (isHost(host)) say.fact(sender, 'device.hostname', host, 'ServerName');
      say.fact(sender, 'database.instance', name, 'InstanceName');
      if (/^\d+(?:\.\d+){1,3}$/.test(version))
        say.fact(sender, 'device.software', `Microsoft SQL Server ${version}`, 'Version');
    }
  },
});

/** All instances of everybody, all of one computer, one by name, the administrator's connection of one by name. */
const isRequest = (type: number, rest: number): boolean =>
  ((type === 2 || type === 3) && rest === 0) ||
  (type === 4 && rest > 0 && rest <= 33) ||
  (type === 15 && rest > 1 && rest <= 34);

function readInstance(text: string): Instance[] {
  const parts = text.split(';', 2 * MAX_FIELDS);
  const fieldOf = (name: string) => {
    const at = parts.indexOf(name);
    return at >= 0 && at % 2 === 0 ? cleanText(parts[at + 1] ?? '', 255) : '';
  };
  const host = fieldOf('ServerName');
  return host === '' ? [] : [{ host, name: fieldOf('InstanceName'), version: fieldOf('Version') }];
}
