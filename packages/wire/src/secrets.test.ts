// Secrets in text by the names before them: what is found, where it ends, and what is left alone.
import { expect, test } from 'vitest';
import { findTextSecrets, withoutLogin } from './secrets.ts';
import { write } from './testing/index.ts';

const found = (text: string): string[] => {
  const bytes = write().text(text).build();
  return findTextSecrets(bytes).map(({ from, to }) => text.slice(from, to));
};

test.each<[string, string[]]>([
  ['GET / HTTP/1.1\r\nAuthorization: Basic b3A6eA==\r\nHost: x\r\n\r\n', ['b3A6eA==']],
  ['x\r\nAUTHORIZATION :basic b3A6\n\teA==\nHost: x', ['b3A6\n\teA==']],
  ['x\nProxy-Authorization: Bearer abc.def', ['abc.def']],
  ['x\nAuthorization: NTLM TlRMTVNT\r\n', ['TlRMTVNT']],
  ['x\nAuthorization: abc123\r\n', ['abc123']],
  ['x\nAuthorization: Digest username="op", response="00ff", uri="/"\r\n', ['"00ff"']],
  ['x\r\nCookie: sid=1; lang=de\r\nSet-Cookie: a=b\r\n', ['sid=1; lang=de', 'a=b']],
  ['x\r\nX-Auth-Token: 77\r\n', ['77']],
  ['GET /login?user=op&password=hush&x=1 HTTP/1.1', ['hush']],
  ['a=1&loginpas=8888', ['8888']],
  ['user_pwd[0] = "hu sh"; b', ['"hu sh"']],
  [
    '{"user":"op", "pass_word_hash": 1, "Password" : "a\\"b,c", "tokens": ["a", "b"]}',
    ['1', '"a\\"b,c"', '["a", "b"]'],
  ],
  ['{"password": "cut of', ['"cut of']],
  ['<u:Username>op</u:Username><u:Password Type="t">hush</u:Password>', ['hush']],
  ['<Password><![CDATA[a<b]]></Password>', ['<![CDATA[a<b]]>']],
  ['<Name>X.ConnectionRequestPassword</Name>\n<Value xsi:type="s">hush</Value>', ['hush']],
  ['form-data; name="password"\r\nContent-Type: text/plain\r\n\r\nhush\r\n--', ['hush']],
  ['LOCATION: http://op:hush@10.0.0.1/d.xml', ['hush']],
  ['GET / HTTP/1.1\r\nHost: op:hush@panel:80\r\n', ['hush']],
  ['USER op\r\nPASS hush\r\n', ['hush']],
  ['AUTH PLAIN AG9wAGg=\r\n', ['AG9wAGg=']],
  ['a1 LOGIN op hush\r\n', ['hush']],
  ['WWW-Authenticate: Basic realm="Panel 5"\r\nServer: x', []],
  ['The password is on the back of the passport.', []],
  ['<input type="password" name="x">', []],
])('%j', (text, secrets) => expect(found(text).sort()).toEqual([...secrets].sort()));

test('more than anybody sends is hidden as one', () => {
  const ranges = findTextSecrets(write().text('pwd=x&'.repeat(5000)).build());
  expect(ranges.length).toBeLessThan(1000);
  expect(ranges.at(-1)?.to).toBe(30_000);
});

test('takes no longer for text that nearly matches everywhere', () => {
  for (const piece of [
    'pass',
    '"pass"',
    '<pass ',
    'name="pass"\r\n',
    '\r\n \t',
    '<Password><![CDATA[',
    'pass</Name>   ',
  ])
    expect(
      findTextSecrets(
        write()
          .text(piece.repeat(60_000 / piece.length))
          .build(),
      ),
    ).toBeDefined();
});

test('addresses without a login', () => {
  expect(withoutLogin('http://op:hush@10.0.0.1:80/a@b')).toBe('http://10.0.0.1:80/a@b');
  expect(withoutLogin('https://maker.example/x')).toBe('https://maker.example/x');
});
