// Every protocol, one line each, by name. The engine, the reference page and the keeper script read this array.
import type { AnyProtocol } from '../protocol.ts';
import { ads } from './ads/ads.ts';
import { ajp } from './ajp/ajp.ts';
import { amqp } from './amqp/amqp.ts';
import { amx } from './amx/amx.ts';
import { arp } from './arp/arp.ts';
import { bacnet } from './bacnet/bacnet.ts';
import { bgp } from './bgp/bgp.ts';
import { c37118 } from './c37118/c37118.ts';
import { ccLinkIefBasic } from './cc-link-ief-basic/cc-link-ief-basic.ts';
import { cdp } from './cdp/cdp.ts';
import { cipIo } from './cip-io/cip-io.ts';
import { coap } from './coap/coap.ts';
import { codesys } from './codesys/codesys.ts';
import { crestron } from './crestron/crestron.ts';
import { dhcp } from './dhcp/dhcp.ts';
import { dhcpv6 } from './dhcpv6/dhcpv6.ts';
import { dicom } from './dicom/dicom.ts';
import { dnp3 } from './dnp3/dnp3.ts';
import { dns } from './dns/dns.ts';
import { doip } from './doip/doip.ts';
import { dtp } from './dtp/dtp.ts';
import { eapol } from './eapol/eapol.ts';
import { edp } from './edp/edp.ts';
import { eigrp } from './eigrp/eigrp.ts';
import { enip } from './enip/enip.ts';
import { fdp } from './fdp/fdp.ts';
import { fins } from './fins/fins.ts';
import { fox } from './fox/fox.ts';
import { ftp } from './ftp/ftp.ts';
import { goose } from './goose/goose.ts';
import { h323 } from './h323/h323.ts';
import { hartIp } from './hart-ip/hart-ip.ts';
import { hl7 } from './hl7/hl7.ts';
import { hsrp } from './hsrp/hsrp.ts';
import { http } from './http/http.ts';
import { icmp } from './icmp/icmp.ts';
import { icmpv6 } from './icmpv6/icmpv6.ts';
import { iec104 } from './iec104/iec104.ts';
import { igmp } from './igmp/igmp.ts';
import { imap } from './imap/imap.ts';
import { ipmi } from './ipmi/ipmi.ts';
import { jetdirect } from './jetdirect/jetdirect.ts';
import { kerberos } from './kerberos/kerberos.ts';
import { knxIp } from './knx-ip/knx-ip.ts';
import { lacp } from './lacp/lacp.ts';
import { ldap } from './ldap/ldap.ts';
import { lifx } from './lifx/lifx.ts';
import { lldp } from './lldp/lldp.ts';
import { llmnr } from './llmnr/llmnr.ts';
import { lpd } from './lpd/lpd.ts';
import { mdns } from './mdns/mdns.ts';
import { melsoft } from './melsoft/melsoft.ts';
import { memcached } from './memcached/memcached.ts';
import { mms } from './mms/mms.ts';
import { mndp } from './mndp/mndp.ts';
import { modbus } from './modbus/modbus.ts';
import { mongodb } from './mongodb/mongodb.ts';
import { mqtt } from './mqtt/mqtt.ts';
import { mqttSn } from './mqtt-sn/mqtt-sn.ts';
import { mrp } from './mrp/mrp.ts';
import { mssqlBrowser } from './mssql-browser/mssql-browser.ts';
import { mysql } from './mysql/mysql.ts';
import { netbiosDgm } from './netbios-dgm/netbios-dgm.ts';
import { netbiosNs } from './netbios-ns/netbios-ns.ts';
import { ntp } from './ntp/ntp.ts';
import { nut } from './nut/nut.ts';
import { opcua } from './opcua/opcua.ts';
import { oracleTns } from './oracle-tns/oracle-tns.ts';
import { ospf } from './ospf/ospf.ts';
import { pnCm } from './pn-cm/pn-cm.ts';
import { pnDcp } from './pn-dcp/pn-dcp.ts';
import { pnIo } from './pn-io/pn-io.ts';
import { pop3 } from './pop3/pop3.ts';
import { postgresql } from './postgresql/postgresql.ts';
import { ptp } from './ptp/ptp.ts';
import { quic } from './quic/quic.ts';
import { radius } from './radius/radius.ts';
import { rdp } from './rdp/rdp.ts';
import { redis } from './redis/redis.ts';
import { rexec } from './rexec/rexec.ts';
import { rip } from './rip/rip.ts';
import { rlogin } from './rlogin/rlogin.ts';
import { rsh } from './rsh/rsh.ts';
import { rsync } from './rsync/rsync.ts';
import { rtsp } from './rtsp/rtsp.ts';
import { s7comm } from './s7comm/s7comm.ts';
import { s7commPlus } from './s7comm-plus/s7comm-plus.ts';
import { sampledValues } from './sampled-values/sampled-values.ts';
import { sccp } from './sccp/sccp.ts';
import { sip } from './sip/sip.ts';
import { slmp } from './slmp/slmp.ts';
import { smb } from './smb/smb.ts';
import { smtp } from './smtp/smtp.ts';
import { snmp } from './snmp/snmp.ts';
import { socks } from './socks/socks.ts';
import { ssdp } from './ssdp/ssdp.ts';
import { ssh } from './ssh/ssh.ts';
import { stp } from './stp/stp.ts';
import { sunrpc } from './sunrpc/sunrpc.ts';
import { syslog } from './syslog/syslog.ts';
import { tds } from './tds/tds.ts';
import { teamviewer } from './teamviewer/teamviewer.ts';
import { telnet } from './telnet/telnet.ts';
import { tftp } from './tftp/tftp.ts';
import { tls } from './tls/tls.ts';
import { tplinkSmarthome } from './tplink-smarthome/tplink-smarthome.ts';
import { tuya } from './tuya/tuya.ts';
import { ubntDiscovery } from './ubnt-discovery/ubnt-discovery.ts';
import { udld } from './udld/udld.ts';
import { vnc } from './vnc/vnc.ts';
import { vrrp } from './vrrp/vrrp.ts';
import { vtp } from './vtp/vtp.ts';
import { wiz } from './wiz/wiz.ts';
import { wsd } from './wsd/wsd.ts';
import { x11 } from './x11/x11.ts';
import { xmpp } from './xmpp/xmpp.ts';
import { zigbee } from './zigbee/zigbee.ts';

export const PROTOCOLS: readonly AnyProtocol[] = [
  ads,
  ajp,
  amqp,
  amx,
  arp,
  bacnet,
  bgp,
  c37118,
  ccLinkIefBasic,
  cdp,
  cipIo,
  coap,
  codesys,
  crestron,
  dhcp,
  dhcpv6,
  dicom,
  dnp3,
  dns,
  doip,
  dtp,
  eapol,
  edp,
  eigrp,
  enip,
  fdp,
  fins,
  fox,
  ftp,
  goose,
  h323,
  hartIp,
  hl7,
  hsrp,
  http,
  icmp,
  icmpv6,
  iec104,
  igmp,
  imap,
  ipmi,
  jetdirect,
  kerberos,
  knxIp,
  lacp,
  ldap,
  lifx,
  lldp,
  llmnr,
  lpd,
  mdns,
  melsoft,
  memcached,
  mms,
  mndp,
  modbus,
  mongodb,
  mqtt,
  mqttSn,
  mrp,
  mssqlBrowser,
  mysql,
  netbiosDgm,
  netbiosNs,
  ntp,
  nut,
  opcua,
  oracleTns,
  ospf,
  pnCm,
  pnDcp,
  pnIo,
  pop3,
  postgresql,
  ptp,
  quic,
  radius,
  rdp,
  redis,
  rexec,
  rip,
  rlogin,
  rsh,
  rsync,
  rtsp,
  s7comm,
  s7commPlus,
  sampledValues,
  sccp,
  sip,
  slmp,
  smb,
  smtp,
  snmp,
  socks,
  ssdp,
  ssh,
  stp,
  sunrpc,
  syslog,
  tds,
  teamviewer,
  telnet,
  tftp,
  tls,
  tplinkSmarthome,
  tuya,
  ubntDiscovery,
  udld,
  vnc,
  vrrp,
  vtp,
  wiz,
  wsd,
  x11,
  xmpp,
  zigbee,
];
