// RTSP: cameras and recorders serve their pictures by it. Both ends name their program, the server names its realm, and
// logins cross in clear.
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { findTextSecrets } from '../../secrets.ts';
import { statedMac, statedText } from '../../stated.ts';
import { readHead, takeHead } from '../http/head.ts';
import { frameText } from '../http/head-frame.ts';
import { accountOfDigest, type Secret, secretOfAuthorization } from '../http/secrets.ts';

interface Rtsp {
  readonly kind: 'request' | 'response' | 'pictures';
  readonly product: string;
  readonly realm: string;
  readonly schemes: string;
  readonly account: string;
  readonly secret: Secret | undefined;
}
interface State {
  proven: boolean;
}

export const rtsp = protocol({
  name: 'rtsp',
  title: 'Real-Time Streaming Protocol',
  spec: 'RFC 2326 (version 1.0); RFC 7826 (version 2.0)',
  depth: 'full',
  on: { tcp: [554, 8554] },
  tells: [
    'rtsp.server',
    'rtsp.user-agent',
    'rtsp.realm',
    'rtsp.authentication',
    'rtsp.account',
    'address.announced-mac',
    'credential.cleartext',
    'device.vendor',
    'device.serial',
  ],

  firstBytes: Array.from({ length: 26 }, (_, letter) => 0x41 + letter), // capital letters
  recognise: (reader) => FIRST_LINE.test(/^[^\r\n]{1,1024}/.exec(reader.text(Math.min(reader.left, 1024)))?.[0] ?? ''),

  open: (): State => ({ proven: false }),

  frame(reader, { state }): number {
    // Pictures may cross between the messages: a dollar sign, a channel, two bytes of length (RFC 2326 section 10.12).
    if (reader.peek() === DOLLAR) return !state.proven ? NOT_MINE : reader.left < 4 ? NEED_MORE : 4;
    return frameText(reader, FIRST_LINE).length;
  },

  read(reader, conversation): Rtsp | undefined {
    if (reader.peek() === DOLLAR) {
      reader.skip(2);
      conversation.skip(reader.u16());
      return PICTURES;
    }
    const message = readMessage(reader);
    if (message) conversation.state.proven = true;
    return message;
  },

  secrets: (reader) => findTextSecrets(reader.bytes(reader.left)),

  observe({ kind, product, realm, schemes, account, secret }, say, { sender, receiver }: Conversation<State>) {
    if (kind === 'pictures') return;
    const field = kind === 'request' ? 'User-Agent' : 'Server';
    say.fact(sender, kind === 'request' ? 'rtsp.user-agent' : 'rtsp.server', product, field);
    if (kind === 'request') {
      say.fact(receiver, 'rtsp.account', account, 'Authorization');
      if (secret) say.fact(receiver, 'credential.cleartext', secret, 'request');
      return;
    }
    say.fact(sender, 'device.vendor', MAKERS.exec(product)?.[0] ?? '', 'Server');
    say.fact(sender, 'rtsp.realm', realm, 'WWW-Authenticate');
    say.fact(sender, 'rtsp.authentication', schemes, 'WWW-Authenticate');
    // Makers put what is on the label of the device into its realm.
    const axis = /^AXIS_([\dA-F]{12})$/.exec(realm)?.[1];
    if (axis !== undefined) say.fact(sender, 'address.announced-mac', statedMac(axis), 'WWW-Authenticate, realm');
    const serial = /^Login to ((?=.*\d)[A-Z\d]{12,20})$/.exec(realm)?.[1];
    if (serial !== undefined) say.fact(sender, 'device.serial', statedText(serial), 'WWW-Authenticate, realm');
  },
});

/** Makers that begin the name of their server with their own. */
const MAKERS =
  /^(?:AXIS|Bosch|Cisco|Dahua|D-Link|Grandstream|Hikvision|Mobotix|Panasonic|Pelco|Sony|TP-LINK|UBNT|VIVOTEK)(?=$|[ /_-])/i;
const DOLLAR = 0x24;
const FIRST_LINE = /^(?:RTSP\/[12]\.\d \d{3}(?: |$)|[A-Z][A-Z_]{2,19} \S.* RTSP\/[12]\.\d$)/;
const NOTHING: Rtsp = {
  kind: 'response',
  product: '',
  realm: '',
  schemes: '',
  account: '',
  secret: undefined,
};
const PICTURES: Rtsp = { ...NOTHING, kind: 'pictures' };

function readMessage(reader: Reader): Rtsp | undefined {
  const { headLength } = frameText(reader, FIRST_LINE);
  const { firstLine, fields } = readHead(takeHead(reader, headLength || reader.left));
  if (!FIRST_LINE.test(firstLine)) return undefined;
  if (firstLine.startsWith('RTSP/')) {
    const challenge = fields.get('www-authenticate') ?? '';
    return {
      ...NOTHING,
      product: cleanText(fields.get('server') ?? fields.get('user-agent') ?? ''),
      realm: cleanText(/\brealm\s*=\s*"([^"]{0,256})"/i.exec(challenge)?.[1] ?? '', 256),
      schemes: /\bbasic\b/i.test(challenge) ? 'Basic' : /\bdigest\b/i.test(challenge) ? 'Digest' : '',
    };
  }
  const target = firstLine.split(' ', 2)[1] ?? '';
  const credential = fields.get('authorization') ?? '';
  const basic = secretOfAuthorization(credential);
  return {
    ...NOTHING,
    kind: 'request',
    product: cleanText(fields.get('user-agent') ?? ''),
    account: accountOfDigest(credential),
    secret: basic ? { ...basic, what: basic.what.replace('HTTP', 'RTSP') } : secretOfTarget(target),
  };
}

/** A login in the address: before the host, or in the path in the way of cheap cameras: `/user=admin_password=x_channel=1`. */
function secretOfTarget(target: string): Secret | undefined {
  const [, before, inPath] =
    /^\w+:\/\/([^\s/:@]*):[^\s/@]+@|[?/&_]user(?:name)?=([^_&/]*)[_&]pass(?:word|wd)?=[^_&/]+/i.exec(target) ?? [];
  const account = cleanText(before ?? inPath ?? '', 254);
  if (before === undefined && inPath === undefined) return undefined;
  return { what: 'RTSP password in an address', ...(account === '' ? {} : { account }) };
}
