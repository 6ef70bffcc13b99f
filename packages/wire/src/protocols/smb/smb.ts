// SMB: file sharing of Windows and of everything that wants to talk with it, from SMB 1 to 3, over TCP or over a NetBIOS
// session. Before a login both ends tell who they are; after it, which files are written.

import { isGivenName } from '../../names.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { NameReader } from '../dns/message.ts';
import { isHostName, netbiosText, readNetbiosName } from '../netbios-ns/names.ts';
import { newState, type SmbMessage, type State } from './message.ts';
import { findSmb1Secrets, readSmb1 } from './smb1.ts';
import { readSmb2 } from './smb2.ts';

/** Messages with file contents are read up to here, the rest is thrown away as it comes. */
const CONTENT_KEPT = 256;

const SESSION = {
  message: 0x00,
  request: 0x81,
  positive: 0x82,
  negative: 0x83,
  retarget: 0x84,
  keepAlive: 0x85,
} as const;
const SMB1 = 0xff534d42;
const SMB2 = 0xfe534d42;
const ENCRYPTED = 0xfd534d42;
const COMPRESSED = 0xfc534d42;
const SMB2_READ = 8;
const SMB2_WRITE = 9;
const SMB1_READ = 0x2e;
const SMB1_WRITE = 0x2f;

export const smb = protocol({
  name: 'smb',
  title: 'SMB',
  spec: 'MS-CIFS, MS-SMB (SMB 1), MS-SMB2 (SMB 2 and 3), MS-NLMP (NTLM), RFC 1002 section 4.3 (NetBIOS session)',
  depth: 'full',
  on: { tcp: [445, 139] },
  tells: [
    'device.hostname',
    'device.os',
    'device.os-build',
    'netbios.name',
    'network.domain',
    'ntlm.domain',
    'smb.dialect',
    'smb.lanman',
    'smb.signing',
    'smb.share',
    'credential.cleartext',
    'exposure.anonymous',
    'operation',
  ],
  open: newState,

  firstBytes: [0x00],
  recognise(reader) {
    const type = reader.u8();
    reader.skip(3);
    const magic = reader.u32();
    return reader.ok && type === SESSION.message && (magic === SMB1 || magic === SMB2);
  },

  frame(reader) {
    if (reader.left < 4) return NEED_MORE;
    const type = reader.peek();
    const length = 4 + ((reader.peek(1) << 16) | reader.peek16(2));
    if (type !== SESSION.message)
      return type >= SESSION.request && type <= SESSION.keepAlive && length <= 512 ? length : NOT_MINE;
    if (reader.left < 8) return NEED_MORE;
    const magic = magicAt(reader);
    if (magic !== SMB1 && magic !== SMB2 && magic !== ENCRYPTED && magic !== COMPRESSED) return NOT_MINE;
    if (length <= CONTENT_KEPT) return length;
    if (reader.left < 18) return NEED_MORE;
    return carriesContent(reader, magic) ? CONTENT_KEPT : length;
  },

  read(reader, conversation): SmbMessage | undefined {
    const { state } = conversation;
    const type = reader.u8();
    const length = reader.u24();
    if (type === SESSION.request) return readSessionRequest(reader, state);
    if (type !== SESSION.message) {
      const accepted = type === SESSION.positive && state.called !== '';
      return reader.ok ? (accepted ? { calledName: state.called } : {}) : undefined;
    }
    if (length > reader.left) conversation.skip(length - reader.left);
    const body = reader.sub(reader.left);
    const magic = body.left >= 4 ? body.peek16() * 0x10000 + body.peek16(2) : 0;
    if (magic === SMB1) return readSmb1(body, conversation);
    if (magic === SMB2) return readSmb2(body, conversation);
    return magic === ENCRYPTED ? { encrypted: true } : magic === COMPRESSED ? {} : undefined;
  },

  secrets(reader) {
    const { start } = reader;
    if (reader.u8() !== SESSION.message) return [];
    reader.skip(3);
    // Offsets within a message count from its own start.
    const body = reader.sub(reader.left);
    return body.left >= 4 && body.peek16() * 0x10000 + body.peek16(2) === SMB1 ? findSmb1Secrets(body, start) : [];
  },

  observe(message, say, conversation) {
    const { sender, server } = conversation;
    const { dialect, signing, os, lanManager, ntlm, answered } = message;
    if (message.callingName) {
      say.fact(sender, 'netbios.name', message.callingName, 'NetBIOS session request');
      say.fact(sender, 'device.hostname', message.callingName.slice(0, -4), 'NetBIOS session request');
    }
    if (message.calledName) {
      say.fact(sender, 'netbios.name', message.calledName, 'NetBIOS session response');
      say.fact(sender, 'device.hostname', message.calledName.slice(0, -4), 'NetBIOS session response');
    }
    if (dialect) say.fact(sender, 'smb.dialect', dialect, 'negotiate response');
    if (signing) say.fact(sender, 'smb.signing', signing, 'negotiate response');
    if (os) say.fact(sender, 'device.os', os, 'session setup');
    if (lanManager) say.fact(sender, 'smb.lanman', lanManager, 'session setup');
    if (message.domain) say.fact(sender, 'ntlm.domain', message.domain, 'SMB 1 domain name');
    if (message.name && isGivenName(message.name))
      say.fact(sender, 'device.hostname', message.name, 'negotiate response');
    if (ntlm) {
      const source = `NTLM ${ntlm.type}`;
      for (const name of ntlm.names) say.fact(sender, 'device.hostname', name, source);
      say.fact(sender, 'device.os-build', ntlm.build, source);
      say.fact(sender, 'ntlm.domain', ntlm.domain, source);
      say.fact(sender, 'network.domain', ntlm.dnsDomain, source);
    }
    if (message.password) {
      const { account } = message.password;
      const value = { what: 'SMB password', ...(account ? { account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'session setup request');
    }
    if (message.anonymous) say.fact(server, 'exposure.anonymous', message.anonymous, 'session setup response');
    if (answered) {
      const { what, kind, detail, share, frame, time, accepted } = answered;
      if (what) say.operation(what, kind, { detail, frame, time, ...(accepted === undefined ? {} : { accepted }) });
      else if (accepted) say.fact(server, 'smb.share', share, 'tree connect');
    }
    if (message.encrypted) conversation.done();
  },

  close(say, { state }) {
    for (const { what, kind, detail, frame, time } of state.pending.values())
      if (what) say.operation(what, kind, { detail, frame, time });
  },
});

const magicAt = (reader: Reader): number => reader.peek16(4) * 0x10000 + reader.peek16(6);

/** Whether the message is a read answer or write request: a short head and a long piece of a file. */
function carriesContent(reader: Reader, magic: number): boolean {
  if (magic === SMB1) {
    const command = reader.peek(8);
    return command === SMB1_READ || command === SMB1_WRITE;
  }
  const command = reader.peek(16);
  return magic === SMB2 && (command === SMB2_READ || command === SMB2_WRITE);
}

/** RFC 1002 section 4.3.2: the name that is called and the one that calls, each in its first-level encoding. */
function readSessionRequest(reader: Reader, state: State): SmbMessage | undefined {
  const names = new NameReader(reader, 0);
  const called = readNetbiosName(names);
  const calling = readNetbiosName(names);
  if (!called || !calling) return undefined;
  // Who does not know a server's name calls it by this one (MS-CIFS section 2.1.1.1).
  state.called = isHostName(called) && called.name !== '*SMBSERVER' ? netbiosText(called) : '';
  return isHostName(calling) && isGivenName(calling.name) ? { callingName: netbiosText(calling) } : {};
}
