import { describe, expect, test } from 'vitest';
import { goldenTest } from '../../testing/golden-test.ts';
import { purposeOfOpen, shareOf } from './message.ts';
import { authenticate, challenge, negotiate } from './ntlmssp.golden.ts';
import { readNtlmssp } from './ntlmssp.ts';
import { golden } from './smb.golden.ts';
import { smb } from './smb.ts';

goldenTest(smb, golden, import.meta.url, {
  lockstep: 'a client needs the dialect, the challenge and the session of one answer for the next request',
});

describe('NTLM', () => {
  const names = { computer: 'PANEL-7', domain: 'PANEL-7', dnsComputer: 'panel-7', dnsDomain: 'panel-7' };

  test('a computer of its own workgroup has one name and no domain', () => {
    expect(readNtlmssp(challenge(names, '10.0.19041'))).toEqual({
      type: 'challenge',
      names: ['PANEL-7'],
      domain: '',
      dnsDomain: '',
      build: '10.0.19041',
      anonymous: false,
    });
  });

  test('a login without a name is a null session, one with a name is not', () => {
    expect(readNtlmssp(authenticate('', '', '5.1.2600'))).toMatchObject({ names: [], anonymous: true });
    expect(readNtlmssp(authenticate('operator', 'PANEL-7', '5.1.2600'))).toMatchObject({ anonymous: false });
  });

  test('systems that are no Windows have no build', () => {
    expect(readNtlmssp(negotiate('6.1.0'))?.build).toBe('');
    expect(readNtlmssp(negotiate('0.0.0'))?.build).toBe('');
  });

  test('a token without the signature is no message', () => {
    expect(readNtlmssp(new Uint8Array(2000))).toBeUndefined();
    expect(readNtlmssp(new Uint8Array(0))).toBeUndefined();
  });
});

describe('what opening a file is for', () => {
  const [READ, WRITE] = [0x0012_0089, 0x0012_0116];
  test.each([
    ['reading', 'a.csv', READ, 1, 0x40, undefined],
    ['making one anew', 'a.csv', WRITE, 2, 0x40, 'create file'],
    ['writing into one', 'a.csv', WRITE, 1, 0x40, 'open file for writing'],
    ['deleting one', 'a.csv', READ, 1, 0x1040, 'delete file'],
    ['making a folder', 'a', READ, 2, 0x21, 'create folder'],
    ['looking into a folder', '', READ, 1, 0x21, undefined],
    ['a pipe for looking', 'srvsvc', WRITE, 1, 0, undefined],
    ['a file named like a property of every object', 'constructor', WRITE, 2, 0x40, 'create file'],
    ['the pipe of the service manager', '\\svcctl', WRITE, 1, 0, 'control services remotely'],
  ])('%s', (_, name, access, disposition, options, what) => {
    expect(purposeOfOpen(name, access, disposition, options)?.what).toBe(what);
  });
});

test('shares are the second part of a path, the pipe share is none', () => {
  expect(['\\\\PANEL-7\\Recipes', '\\\\10.0.0.7\\IPC$', 'A:'].map(shareOf)).toEqual(['Recipes', '', '']);
});
