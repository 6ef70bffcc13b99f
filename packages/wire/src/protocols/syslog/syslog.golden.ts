// Written by hand after RFC 5424, RFC 3164 and RFC 6587, with invented devices: what hosts, relays, firewalls and routers
// of a plant send to a collector.
import { capture, fromClient, tcp, udp, write } from '../../testing/index.ts';

const COLLECTOR = '10.4.0.9';
const send = (from: string, message: string) =>
  udp({ from, fromPort: 40_514, to: COLLECTOR, toPort: 514 }, write().text(message));
/** Octet counting (RFC 6587 section 3.4.1). */
const counted = (message: string) => write().text(`${message.length} ${message}`);

export const golden = capture('Syslog of hosts, relays, firewalls and routers', [
  // The address in the element `origin` is the sender's own: it wrote the message itself.
  send(
    '10.4.0.20',
    '<165>1 2026-01-01T00:00:00.003Z scalance-7 SYSTEM 812 ID47 [origin ip="10.4.0.20" software="fw" enterpriseId="4329.6"] restarted',
  ),
  // The same form, passed on by another host: the name is not the sender's.
  send('10.4.0.8', '<165>1 2026-01-01T00:00:00.003Z scalance-8 SYSTEM - - [origin ip="10.4.0.21"] restarted'),
  send('10.4.0.22', '<34>Jan  1 00:00:01 historian sshd[4711]: Accepted publickey for operator\n'),
  send('10.4.0.22', '<34>Jan  1 00:00:02 historian sshd[4711]: Connection closed\n'),
  send('10.4.0.23', '<30>2026-01-01T00:00:01.5+01:00 edge-4 containerd: started'),
  send('10.4.0.24', '<13>1 - - - - - - nothing is told'),
  send('10.4.0.25', '<29>snmpd[6956]: Connection from UDP'),
  // Cisco IOS with sequence number and configured origin, once as plain text, once as XML.
  send(
    '10.4.0.30',
    '<189>38: rt-hall-1: *Jan  1 00:00:03.250: %LINK-3-UPDOWN: Interface Ethernet0/2, changed state to up',
  ),
  send('10.4.0.31', '<189>92: rt-hall-2: <ios-log-msg><facility>SYS</facility><severity>5</severity></ios-log-msg>'),
  send('10.4.0.32', '<166>%ASA-6-302013: Built outbound TCP connection 13'),
  // Firewalls that name themselves in the message.
  send(
    '10.4.0.40',
    '<189>date=2026-01-01 time=00:00:04 devname="fw-plant" devid="FGT60E0000000001" logid="0000000013" type="traffic"',
  ),
  send(
    '10.4.0.41',
    '<30>device="SFW" date=2026-01-01 time=00:00:05 timezone="CET" device_name="XG135" device_id=C1B00000ABCDEF0 log_id=1',
  ),
  // A relay has put its header before a firewall's message.
  send('10.4.0.8', '<189>Jan  1 00:00:06 relay date: devname="fw-plant" devid="FGT60E0000000001"'),
  // Over TCP: counted octets, then lines.
  tcp({ client: '10.4.0.50', server: COLLECTOR, port: 601 }, [
    fromClient(counted('<46>1 2026-01-01T00:00:07Z oven-3 plcd - - - recipe 16')),
    fromClient(counted('<46>1 2026-01-01T00:00:08Z oven-3 plcd - - - recipe 17')),
  ]),
  tcp({ client: '10.4.0.51', server: COLLECTOR, port: 514, clientPort: 50_001 }, [
    fromClient(
      write().text('<13>Jan  1 00:00:09 oven-4 control: door open\n<13>Jan  1 00:00:10 oven-4 control: door closed\n'),
    ),
  ]),
  // A priority that does not exist.
  send('10.4.0.60', '<999>Jan  1 00:00:11 nobody nothing: at all'),
]);
