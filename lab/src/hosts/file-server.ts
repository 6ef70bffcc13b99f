import type { Host } from '../host.ts';

/** The server of the office: shares, file transfer, log collector, time, and a page over TLS. */
export const fileServer: Host = {
  name: 'files',
  title: 'File and log server',
  mac: '00:25:90:d2:20:05',
  segment: 'office',
  address: '192.168.20.5/24',
  setUp: [['ip', 'route', 'add', 'default', 'via', '192.168.20.1']],
  files: {
    'smb.conf': [
      '[global]',
      'netbios name = FILES',
      'workgroup = WORKS',
      'server string = Recipes and reports',
      'map to guest = bad user',
      'private dir = /run/samba',
      'lock directory = /run/samba',
      'state directory = /run/samba',
      'cache directory = /run/samba',
      'pid directory = /run/samba',
      'ncalrpc dir = /run/samba',
      '[recipes]',
      'path = /run/samba',
      'guest ok = yes',
      'read only = yes',
    ].join('\n'),
    'vsftpd.conf': [
      'listen=YES',
      'anonymous_enable=NO',
      'local_enable=YES',
      'background=NO',
      'secure_chroot_dir=/run/vsftpd/empty',
      'ftpd_banner=Recipe store',
    ].join('\n'),
    'chrony.conf': ['local stratum 5', 'allow', 'port 123', 'cmdport 0', 'pidfile /run/chronyd.pid'].join('\n'),
    'rsyslog.conf': ['module(load="imudp")', 'input(type="imudp" port="514")', '*.* /run/collected.log'].join('\n'),
  },
  programs: [
    { command: ['smbd', '-F', '--no-process-group', '-s', 'smb.conf'], at: 0 },
    { command: ['nmbd', '-F', '--no-process-group', '-s', 'smb.conf'], at: 0 },
    { command: ['vsftpd', 'vsftpd.conf'], at: 0 },
    {
      command: [
        'bash',
        '-c',
        'ssh-keygen -q -t ed25519 -N "" -f hostkey && exec /usr/sbin/sshd -D -e -h "$PWD/hostkey" -o PidFile=none',
      ],
      at: 0,
    },
    { command: ['rsyslogd', '-n', '-f', 'rsyslog.conf', '-i', '/run/rsyslogd.pid'], at: 0 },
    { command: ['chronyd', '-d', '-x', '-f', 'chrony.conf'], at: 0 },
    { command: ['%node', '%programs/web-page.ts', 'Gate events', 'works-events/1.2', 'events', '8080'], at: 0 },
    {
      command: [
        'bash',
        '-c',
        'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/O=Works/CN=files.works.example" -addext "subjectAltName=DNS:files.works.example" -keyout tls.key -out tls.crt 2>/dev/null && exec openssl s_server -accept 443 -key tls.key -cert tls.crt -www -quiet -tls1_2',
      ],
      at: 0,
    },
  ],
  needs: ['samba', 'vsftpd', 'openssh-server', 'rsyslog', 'chrony', 'openssl'],
};
