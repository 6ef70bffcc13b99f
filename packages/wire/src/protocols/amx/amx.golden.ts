// Beacons in the forms of an infrared gateway, a projector and a matrix switcher, and what only looks like one.
import { capture, udp, write } from '../../testing/index.ts';

const beacon = (from: string, text: string) =>
  udp({ from, fromPort: 9131, to: '239.255.250.250', toPort: 9131 }, write().text(text));

export const golden = capture('AMX beacons', [
  beacon(
    '10.9.0.10',
    'AMXB<-UUID=GlobalCache_02005E100910><-SDKClass=Utility><-Make=GlobalCache><-Model=iTachIP2IR><-Revision=710-1005-05><-Pkg_Level=GCPK002><-Config-URL=http://10.9.0.10><-Status=Ready>\r',
  ),
  // Its revision is not the firmware's.
  beacon('10.9.0.11', 'AMXB<-UUID=02005E100911><-SDKClass=VideoProjector><-GUID=EPSON_EMP001><-Revision=1.0.0>'),
  beacon(
    '10.9.0.12',
    'AMXB<Device-UUID=switcher-7><Device-SDKClass=Switcher><Device-Make=Acme><Device-Model=MX 8x8><Device-Revision=2.4><Device-Config-Name=Room 7>',
  ),
  beacon('10.9.0.13', 'AMXB<-Make=><-Model=unknown><-Rev'),
  beacon('10.9.0.14', 'AMXBeacon'),
]);
