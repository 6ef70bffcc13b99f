import { constant, hex, type Question } from '../question.ts';

export const cip: Question = {
  name: 'cip-list-identity',
  title: 'EtherNet/IP list identity',
  tells: 'vendor, device type, product, revision, serial number, state',
  spec: 'The CIP Networks Library, volume 2, 2-4.2',
  transport: 'udp',
  port: 44_818,
  tries: [[constant('list identity', hex(`6300 0000 ${'00'.repeat(20)}`))]],
};
