import { ascii, constant, type Question } from '../question.ts';

export const ssh: Question = {
  name: 'ssh-hello',
  title: 'SSH hello',
  tells: 'software and version, algorithms',
  spec: 'RFC 4253 sections 4.2 and 7.1',
  transport: 'tcp',
  port: 22,
  tries: [[constant('waits for its name', new Uint8Array(0)), constant('name', ascii('SSH-2.0-Interlock\r\n'))]],
  // A name ends in a line feed; the key exchange that follows says its length.
  isWhole: (received) => received.includes(0x0a) || received.length > 1024,
};
