import { describe, expect, it } from 'vitest';
import { isHost, readBanner } from './banners.ts';

describe('readBanner', () => {
  it.each([
    ['(vsFTPd 3.0.3)', { software: 'vsFTPd 3.0.3' }],
    ['ProFTPD 1.3.5e Server (Debian) [10.0.0.1]', { software: 'ProFTPD 1.3.5e' }],
    ['Microsoft FTP Service', { software: 'Microsoft FTP Service', os: 'Windows' }],
    ['VxWorks (VxWorks5.4.2) FTP server ready', { os: 'VxWorks 5.4.2' }],
    [
      'oven-rt FTP server (MikroTik 6.49.7) ready',
      { vendor: 'MikroTik', os: 'RouterOS', firmware: '6.49.7', host: 'oven-rt' },
    ],
    [
      'AXIS P1343 Network Camera 5.20.2 (2011) ready.',
      { vendor: 'AXIS', model: 'P1343', type: 'Network Camera', firmware: '5.20.2' },
    ],
    ['CP 343-1 IT FTP-Server V1.01 ready for new user', { vendor: 'Siemens', model: 'CP 343-1 IT', firmware: 'V1.01' }],
    ['Ubuntu 20.04.3 LTS', { os: 'Ubuntu 20.04.3 LTS' }],
    ['Red Hat Linux release 7.2 (Enigma) Kernel 2.4.7-10 on an i686', { os: 'Linux 2.4.7-10' }],
    ['FreeBSD/i386 (press.plant.example) (ttyp0)', { os: 'FreeBSD', host: 'press.plant.example' }],
    [
      'mx.plant.example Microsoft ESMTP MAIL Service, Version: 6.0.3790.4675 ready at',
      { host: 'mx.plant.example', os: 'Windows', software: 'Microsoft ESMTP MAIL Service 6.0.3790.4675' },
    ],
    ['mail.plant.example ESMTP Postfix (Ubuntu)', { host: 'mail.plant.example', os: 'Ubuntu', software: 'Postfix' }],
    ['mail.plant.example ESMTP Exim 4.92 Thu, 1 Jan 2026', { host: 'mail.plant.example', software: 'Exim 4.92' }],
    ['Dovecot (Ubuntu) ready.', { software: 'Dovecot', os: 'Ubuntu' }],
    ['Authorized access only', {}],
  ])('%s', (text, expected) => {
    expect(readBanner(text)).toEqual(expected);
  });
});

it('takes no stand-in and no address for the name of a host', () => {
  for (const name of ['ftp', 'localhost', '10.0.0.1', '[10.0.0.1]', '-x', ''])
    expect([name, isHost(name)]).toEqual([name, false]);
  for (const name of ['press-4', 'mail.plant.example', 'A1']) expect([name, isHost(name)]).toEqual([name, true]);
});
