// Written by hand after MC-SQLR with invented devices: instances of a historian, the answer for the administrator's
// connection, requests of every kind, and answers that are none.
import { capture, fromClient, fromServer, udpExchange, write } from '../../testing/index.ts';

const answer = (text: string) => write().u8(5).lengthPrefixed16le(write().text(text));
const INSTANCES =
  'ServerName;HIST-01;InstanceName;SQLEXPRESS;IsClustered;No;Version;15.0.2000.5;tcp;49172;;' +
  'ServerName;HIST-01;InstanceName;ARCHIVE;IsClustered;No;Version;10.50.1600.1;np;\\\\HIST-01\\pipe\\sql\\query;;';
const ends = (clientPort: number) => ({ client: '10.9.12.10', server: '10.9.12.20', port: 1434, clientPort });

export const golden = capture('SQL Server browser of a historian', [
  udpExchange(ends(50_001), [fromClient(write().u8(3)), fromServer(answer(INSTANCES))]),
  udpExchange(ends(50_002), [
    fromClient(write().u8(4).textz('SQLEXPRESS')),
    fromServer(answer('ServerName;hist-01;InstanceName;SQLEXPRESS;IsClustered;No;Version;15.0.2000.5;;')),
  ]),
  udpExchange(ends(50_003), [
    fromClient(write().u8(15, 1).textz('SQLEXPRESS')),
    fromServer(write().hex('05 0300 01 00c0')),
  ]),
  udpExchange(ends(50_004), [fromClient(write().u8(2)), fromServer(answer('ServerName;10.9.12.20;Version;x;;'))]),
  udpExchange(ends(50_005), [fromClient(write().u8(9)), fromServer(write().u8(5).u16le(900).text('ServerName;CUT'))]),
]);
