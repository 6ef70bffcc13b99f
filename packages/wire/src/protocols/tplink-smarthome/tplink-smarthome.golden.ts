// TP-Link devices: a search by broadcast and its answer, commands over TCP, a Wi-Fi password at set-up, the newer search,
// and what is broken.
import { bytesOf, capture, fromClient, fromServer, tcp, udp, udpExchange, write } from '../../testing/index.ts';

/** Each byte combined with the disguised one before it, the first with 171. */
function disguise(text: string): Uint8Array {
  let key = 171;
  return bytesOf(write().text(text)).map((byte) => {
    key ^= byte;
    return key;
  });
}
const framed = (text: string) => write().lengthPrefixed32(disguise(text));

const PHONE = '10.9.2.5';
const PLUG = '10.9.2.10';
const search = '{"system":{"get_sysinfo":{}}}';
const information =
  '{"system":{"get_sysinfo":{"err_code":0,"sw_ver":"1.2.6 Build 200727 Rel.121701","hw_ver":"4.0","type":"IOT.SMARTPLUGSWITCH","model":"HS110(EU)","mac":"02:00:5E:10:0B:10","deviceId":"8006","alias":"Compressor","dev_name":"Smart Wi-Fi Plug","relay_state":1}}}';
const join = '{"netif":{"set_stainfo":{"ssid":"plant","password":"Halle7-WPA","key_type":3}}}';
const bind = '{"cnCloud":{"bind":{"username":"kai@plant.example","password":"W0lke-9"}}}';

/** The bytes that stand for a password: whoever has them and the one before has it. */
const disguisedIn = (text: string, secret: string): string =>
  String.fromCharCode(...disguise(text).slice(text.indexOf(secret), text.indexOf(secret) + secret.length));
export const secrets = [disguisedIn(join, 'Halle7-WPA'), disguisedIn(bind, 'W0lke-9')];

export const golden = capture('TP-Link smart home', [
  udp({ from: PHONE, fromPort: 50_000, to: '10.9.2.255', toPort: 9999 }, disguise(search)),
  udpExchange({ client: PHONE, server: PLUG, port: 9999, clientPort: 50_000 }, [fromServer(disguise(information))]),
  tcp({ client: PHONE, server: PLUG, port: 9999 }, [
    fromClient(framed(search)),
    fromServer(framed(information)),
    fromClient(framed('{"context":{"source":"app"},"system":{"set_relay_state":{"state":0}}}')),
    fromServer(framed('{"system":{"set_relay_state":{"err_code":0}}}')),
    fromClient(framed('{"system":{"reboot":{"delay":1}}}')),
    fromClient(framed('{"emeter":{"get_realtime":{}}}')),
    fromClient(framed('{"system":{"set_dev_alias":{"alias":"Compressor"}}}')),
    fromClient(framed('{"system":{"download_firmware":{"url":"http://10.9.2.5/f.bin"}}}')),
    fromClient(framed(join)),
    fromClient(framed(bind)),
  ]),
  udpExchange({ client: PHONE, server: '10.9.2.11', port: 20_002, clientPort: 50_001 }, [
    fromClient(write().u8(2, 0).u16(1, 30).u8(17, 0).u32(1, 2).text('{"params":{"rsa_key":"x"}}')),
    fromServer(
      write()
        .u8(2, 0)
        .u16(1, 30)
        .u8(17, 0)
        .u32(1, 2)
        .text(
          '{"result":{"device_id":"a1","device_type":"SMART.TAPOPLUG","device_model":"P110(EU)","ip":"10.9.2.11","mac":"02-00-5E-10-0B-11"},"error_code":0}',
        ),
    ),
  ]),
  // Cut within the JSON, no JSON at all, a length that is too large.
  udp({ from: '10.9.2.12', fromPort: 9999, to: PHONE, toPort: 50_002 }, disguise(information).slice(0, 60)),
  udp({ from: '10.9.2.12', fromPort: 9999, to: PHONE, toPort: 50_003 }, write().text('hello')),
  tcp({ client: PHONE, server: '10.9.2.12', port: 9999 }, [fromClient(write().u32(0x7fffffff).u8(0xd0))]),
]);
