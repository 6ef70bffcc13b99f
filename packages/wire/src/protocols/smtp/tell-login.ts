// What a login by SASL or by commands tells, said in the same way by all protocols of mail.
import type { Conversation, Saying } from '../../protocol.ts';
import type { SaslFacts } from './sasl.ts';

/** For `tells` of a protocol that calls `tellLogin`. */
export const LOGIN_KINDS = [
  'credential.cleartext',
  'service.account',
  'device.hostname',
  'device.os-build',
  'ntlm.domain',
  'network.domain',
] as const;

/** `protocol`: as in "SMTP password". Secrets are told of the server, names of a computer of the one who sends them. */
export function tellLogin(
  { secret, account, ntlm }: SaslFacts,
  protocol: string,
  source: string,
  say: Saying<(typeof LOGIN_KINDS)[number]>,
  { sender, server }: Conversation,
): void {
  if (secret) {
    const value = { what: `${protocol} ${secret}`, ...(account ? { account } : {}) };
    say.fact(server, 'credential.cleartext', value, source);
  } else if (account) say.fact(server, 'service.account', account, source);
  if (!ntlm) return;
  const from = `NTLM ${ntlm.type}`;
  for (const name of ntlm.names) say.fact(sender, 'device.hostname', name, from);
  say.fact(sender, 'device.os-build', ntlm.build, from);
  say.fact(sender, 'ntlm.domain', ntlm.domain, from);
  say.fact(sender, 'network.domain', ntlm.dnsDomain, from);
}
