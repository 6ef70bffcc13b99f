// The fact kinds: everything that can be said of a device. One kind is one line. A kind's value is a text, a whole
// number, a flag or a record; equal values of one kind about one subject are one fact, counted.
import type { OperationKind } from './operation.ts';

export interface ServiceValue {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  /** Name of the protocol that was recognised; absent where nothing was. */
  readonly protocol?: string;
}
export interface ConversationValue {
  /** Subject key of the other end: the server's for `conversation` facts, which are told of the client. */
  readonly peer: string;
  readonly transport: 'tcp' | 'udp' | 'icmp' | 'ip' | 'link';
  /** Port of the server; for `ip` the protocol number, for `link` the EtherType. */
  readonly port: number;
  readonly protocol?: string;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}
export interface OperationValue {
  /** Subject key of who asked for it. The observation's subject is the device it was done to. */
  readonly from: string;
  /** In plain words: "write single register". */
  readonly what: string;
  readonly kind: OperationKind;
  /** What it touched, where the message says so: "register 40 to 44". */
  readonly detail?: string;
  /** Whether the answer said that it was done; absent where no answer was seen. */
  readonly accepted?: boolean;
}
export interface CertificateValue {
  readonly subject: string;
  readonly issuer: string;
  /** The number its issuer gave it, in hex; named so because it is no serial number of the device. */
  readonly number: string;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly names: readonly string[];
  readonly key: string;
  readonly signature: string;
  readonly selfSigned: boolean;
}
/** That a secret crossed in clear: never the secret. */
export interface CredentialValue {
  readonly account?: string;
  /** What kind of secret: "HTTP basic password", "SNMP community". */
  readonly what: string;
  /** True where the secret is one that the protocol's documents name as the default. */
  readonly wellKnown?: boolean;
}
export interface NeighbourValue {
  /** Port of the speaker on which it was heard, as announced. */
  readonly port: string;
  readonly chassis: string;
}
/** A BACnet device whose announcement a broadcast management device passed on into another subnet. */
export interface BacnetForwardedValue {
  /** IP address it announced itself from. */
  readonly origin: string;
  readonly instance: number;
  /** Where it announced it; -1 where it did not. */
  readonly vendorId: number;
  /** Network and address of a device behind the one at `origin`. */
  readonly network?: number;
  readonly address?: string;
}
/** A person's word on which subjects are one device; the later word about the same two wins. */
export interface CorrectionValue {
  /** Subject key of the other address. */
  readonly other: string;
}
export interface TroubleValue {
  /** Stable name: `tcp.gap`, `dns.pointer-forward`. */
  readonly code: string;
  readonly detail?: string;
}

/** How far a fact goes in telling devices apart; what `assess/identity` makes of it is decided there. */
export type FactGroup =
  | 'identity'
  | 'address'
  | 'network'
  | 'service'
  | 'fingerprint'
  | 'behaviour'
  | 'exposure'
  | 'trouble';

export interface FactDefinition<V = unknown> {
  readonly title: string;
  readonly group: FactGroup;
  readonly type: 'text' | 'integer' | 'flag' | 'record';
  /** Never set; carries the value's type to the compiler. */
  readonly valueType?: V;
}
const text = (group: FactGroup, title: string): FactDefinition<string> => ({ title, group, type: 'text' });
const integer = (group: FactGroup, title: string): FactDefinition<number> => ({ title, group, type: 'integer' });
const flag = (group: FactGroup, title: string): FactDefinition<true> => ({ title, group, type: 'flag' });
const record = <V extends object>(group: FactGroup, title: string): FactDefinition<V> => ({
  title,
  group,
  type: 'record',
});

export const FACTS = {
  // What the device is.
  'device.vendor': text('identity', 'Vendor'),
  'device.model': text('identity', 'Model'),
  'device.order-number': text('identity', 'Order number'),
  'device.product-code': text('identity', 'Product code'),
  'device.serial': text('identity', 'Serial number'),
  'device.firmware': text('identity', 'Firmware version'),
  'device.hardware-version': text('identity', 'Hardware version'),
  'device.basic-hardware': text('identity', 'Order number of the basic hardware'),
  'device.software': text('identity', 'Software version'),
  'device.type': text('identity', 'Device type'),
  'device.description': text('identity', 'Description'),
  'device.location': text('identity', 'Location'),
  'device.contact': text('identity', 'Contact'),
  'device.os': text('identity', 'Operating system'),
  'device.os-build': text('identity', 'Operating system build'),
  'device.uuid': text('identity', 'UUID'),
  'device.mud-url': text('identity', 'MUD URL'),
  'device.plant': text('identity', 'Plant designation'),
  'device.memory-card-serial': text('identity', 'Serial number of the memory card'),
  'device.url': text('identity', 'Product URL'),
  'device.asset-id': text('identity', 'Asset identifier'),
  'device.installed': text('identity', 'Date of installation'),
  'device.cpe': text('identity', 'Product by its CPE name'),
  'device.criticality': text('identity', 'Criticality'),
  'device.life-cycle': text('identity', 'State in its life cycle'),
  'device.operating-mode': text('behaviour', 'Operating mode'),
  // What a person corrected.
  'identity.same-device': record<CorrectionValue>('identity', 'Same device as'),
  'identity.different-device': record<CorrectionValue>('identity', 'Different device from'),
  'identity.name': text('identity', 'Name given by a person'),
  // What it is called.
  'device.hostname': text('identity', 'Host name'),
  'device.station-name': text('identity', 'Station name'),
  'device.plc-name': text('identity', 'PLC name'),
  'device.module-name': text('identity', 'Module name'),
  'device.friendly-label': text('identity', 'Friendly name'),
  'netbios.name': text('identity', 'NetBIOS name'),
  'netbios.group': text('network', 'NetBIOS group or domain'),
  'dns.answer': text('network', 'Name that resolved to this address'),
  // Addresses it announces, beyond those it sends from.
  'address.claimed-ip': text('address', 'IP address claimed by ARP or neighbour discovery'),
  'address.announced-ip': text('address', 'IP address the device says it has'),
  'address.announced-mac': text('address', 'MAC address the device says it has'),
  'address.assigned-ip': text('address', 'IP address assigned to it by DHCP'),
  'address.listed-ip': text('address', 'IP address by a document'),
  'address.listed-mac': text('address', 'MAC address by a document'),
  'address.seen': flag('address', 'Sent frames'),
  'address.shared-virtual': flag('address', 'Virtual address of a redundancy group'),
  // Network.
  'network.ttl': integer('network', 'Time to live of its packets as met'),
  'network.vlan': integer('network', 'VLAN'),
  'network.native-vlan': integer('network', 'Native VLAN of the port'),
  'network.vlan-name': text('network', 'Name of a VLAN'),
  'network.vlan-domain': text('network', 'VLAN management domain'),
  'network.link': text('network', 'Link of its port'),
  'network.power': text('network', 'Power over Ethernet'),
  'network.frame-size': integer('network', 'Largest frame of its port in bytes'),
  'network.redundancy': text('network', 'Redundancy of its ring'),
  'network.wireless-name': text('network', 'Name of its wireless network'),
  'network.trunking': text('network', 'Trunking of its port'),
  'mndp.software-id': text('identity', 'Software licence of a MikroTik router'),
  'stp.bridge': text('network', 'Spanning tree bridge identifier'),
  'stp.root': text('network', 'Root of its spanning tree'),
  'stp.region': text('network', 'Spanning tree region'),
  'lacp.system': text('network', 'LACP system'),
  'lacp.partner': text('network', 'LACP system at the other end'),
  'network.redundancy-group': text('network', 'Group of routers that share an address'),
  'network.router-id': text('network', 'Identifier as a router'),
  'network.routing-area': text('network', 'Area of its routing'),
  'network.autonomous-system': integer('network', 'Number of its autonomous system'),
  'network.group': text('network', 'Multicast group it listens to'),
  'network.mask': text('network', 'Subnet mask'),
  'network.router': text('network', 'Default router'),
  'network.prefix': text('network', 'IPv6 prefix it announces'),
  'network.redirect': text('behaviour', 'Other way to which it sends hosts'),
  'network.domain': text('network', 'Domain'),
  'network.offered-domain': text('network', 'Domain it tells hosts to search'),
  'network.forwards': flag('network', 'Forwards packets of other addresses'),
  'network.name-server': text('network', 'Name server it was told to use'),
  'network.offered-name-server': text('network', 'Name server it tells hosts to use'),
  'network.time-server': text('network', 'Time server it asks'),
  'network.neighbour': record<NeighbourValue>('network', 'Neighbour on the wire'),
  'network.capabilities': text('network', 'Capabilities announced'),
  'network.port-id': text('network', 'Port identifier'),
  'network.port-description': text('network', 'Port description'),
  'network.chassis-id': text('network', 'Chassis identifier'),
  'network.platform': text('identity', 'Platform announced'),
  // Services and banners.
  'service.offered': record<ServiceValue>('service', 'Service offered'),
  'service.used': record<ServiceValue>('service', 'Service used'),
  'service.dns-sd': text('service', 'DNS-SD service'),
  'service.dns-sd-instance': text('service', 'DNS-SD instance'),
  'service.banner': text('service', 'Banner'),
  'service.product': text('service', 'Product behind a service'),
  'service.role': text('service', 'Part it plays in a protocol'),
  'http.server': text('service', 'HTTP server'),
  'http.user-agent': text('service', 'HTTP user agent'),
  'http.realm': text('service', 'HTTP realm'),
  'http.authentication': text('service', 'HTTP authentication demanded'),
  'http.account': text('exposure', 'Account named over HTTP'),
  'http.title': text('service', 'Title of its web page'),
  'http.host': text('network', 'HTTP host asked for'),
  'upnp.location': text('service', 'UPnP description URL'),
  'upnp.server': text('service', 'UPnP server'),
  'upnp.user-agent': text('service', 'UPnP user agent'),
  'upnp.device-type': text('service', 'UPnP device type'),
  'eap.method': text('service', 'Way of showing who it is (EAP)'),
  'eap.identity': text('network', 'Identity shown to get in (EAP)'),
  'radius.identifier': text('network', 'Name it asks RADIUS by'),
  'radius.account': text('exposure', 'Account that RADIUS was asked about'),
  'lpd.queue': text('service', 'Print queue'),
  'sip.user-agent': text('service', 'SIP user agent'),
  'sip.account': text('network', 'SIP account'),
  'sip.realm': text('service', 'SIP realm'),
  'rtsp.server': text('service', 'RTSP server'),
  'rtsp.user-agent': text('service', 'RTSP user agent'),
  'rtsp.realm': text('service', 'RTSP realm'),
  'rtsp.authentication': text('service', 'RTSP authentication demanded'),
  'rtsp.account': text('exposure', 'Account named over RTSP'),
  'wsd.type': text('service', 'WS-Discovery type'),
  'wsd.address': text('service', 'Address of its web service'),
  'dhcp.vendor-class': text('fingerprint', 'DHCP vendor class'),
  'dhcp.fingerprint': text('fingerprint', 'DHCP parameter request list'),
  'dhcp.client-id': text('network', 'DHCP client identifier'),
  'dhcp.duid': text('identity', 'DHCP unique identifier'),
  'dhcp.requested-ip': text('network', 'Address asked for by DHCP'),
  'dhcp.offered-ip': text('network', 'Address offered to it by DHCP'),
  'dhcp.relay-circuit': text('network', 'Port it is attached to, as the DHCP relay tells'),
  'dhcp.relay-remote': text('network', 'Relay it is attached to, as the DHCP relay tells'),
  'dhcp.user-class': text('fingerprint', 'DHCP user class'),
  'tls.version': text('service', 'TLS version agreed'),
  'tls.cipher': text('service', 'TLS cipher suite agreed'),
  'tls.sni': text('network', 'TLS server name asked for'),
  'tls.alpn': text('service', 'Application protocol agreed in TLS'),
  'tls.certificate': record<CertificateValue>('service', 'TLS certificate'),
  'tls.ja3': text('fingerprint', 'JA3 fingerprint'),
  'tls.ja3s': text('fingerprint', 'JA3S fingerprint'),
  'tls.ja4': text('fingerprint', 'JA4 fingerprint'),
  'ssh.banner': text('service', 'SSH banner'),
  'ssh.hassh': text('fingerprint', 'HASSH fingerprint'),
  'ssh.hassh-server': text('fingerprint', 'HASSH server fingerprint'),
  'ssh.algorithms': text('service', 'SSH algorithms offered'),
  'snmp.version': text('service', 'SNMP version'),
  'snmp.engine-id': text('identity', 'SNMP engine identifier'),
  'snmp.object-id': text('identity', 'SNMP system object identifier'),
  'snmp.uptime': integer('behaviour', 'SNMP uptime in hundredths of a second'),
  'smb.dialect': text('service', 'SMB dialect'),
  'smb.lanman': text('service', 'SMB native LAN manager'),
  'smb.signing': text('service', 'SMB signing'),
  'smb.share': text('service', 'SMB share'),
  'ntlm.domain': text('network', 'NTLM domain'),
  'ntp.stratum': integer('service', 'NTP stratum'),
  'ntp.version': integer('service', 'NTP version'),
  'ntp.reference': text('service', 'NTP reference clock'),
  'ptp.clock': text('network', 'PTP clock identity'),
  'ptp.grandmaster': text('network', 'PTP grandmaster it passes on'),
  'ptp.domain': integer('network', 'PTP domain'),
  'ptp.clock-class': integer('service', 'PTP clock class'),
  'ptp.time-source': text('service', 'PTP time source'),
  'syslog.tag': text('service', 'Syslog tag'),
  'syslog.origin': text('network', 'Host named in syslog messages'),
  // Access, mail, files, databases, remote control.
  'service.account': text('exposure', 'Account named in clear'),
  'service.authentication': text('service', 'Authentication it offers or demands'),
  'client.software': text('service', 'Program it connects with'),
  'rdp.security': text('service', 'RDP security protocol'),
  'rdp.client-build': integer('fingerprint', 'RDP client build'),
  'kerberos.realm': text('network', 'Kerberos realm'),
  'kerberos.service': text('service', 'Kerberos service principal asked for'),
  'kerberos.encryption': text('service', 'Kerberos encryption of its tickets'),
  'database.name': text('service', 'Database'),
  'database.instance': text('service', 'Database instance'),
  'vnc.desktop': text('identity', 'VNC desktop name'),
  'ipmi.manufacturer-id': integer('identity', 'IPMI manufacturer ID'),
  'ipmi.product-id': integer('identity', 'IPMI product ID'),
  'dicom.ae-title': text('identity', 'DICOM application entity title'),
  'dicom.implementation': text('service', 'DICOM implementation'),
  'hl7.application': text('identity', 'HL7 application'),
  'hl7.facility': text('network', 'HL7 facility'),
  'doip.vin': text('identity', 'Vehicle identification number'),
  // Industrial and building protocols.
  'modbus.unit-id': integer('identity', 'Modbus unit identifier'),
  'modbus.run-status': text('behaviour', 'Modbus run indicator'),
  'cip.vendor-id': integer('identity', 'CIP vendor ID'),
  'cip.device-type-id': integer('identity', 'CIP device type'),
  'cip.state': text('behaviour', 'CIP device state'),
  'cip.security': text('service', 'CIP Security state'),
  'hart.message': text('identity', 'HART message'),
  'hart.descriptor': text('identity', 'HART descriptor'),
  'hart.tag': text('identity', 'HART tag'),
  'hart.universal-revision': integer('identity', 'HART universal command revision'),
  'hart.device-revision': integer('identity', 'HART device revision'),
  'hart.device-type': text('identity', 'HART expanded device type'),
  'hart.manufacturer-id': integer('identity', 'HART manufacturer ID'),
  'ads.net-id': text('identity', 'AMS NetId'),
  's7.tsap': text('network', 'S7 transport selector'),
  's7.mode': text('behaviour', 'S7 operating mode'),
  's7.protection': text('service', 'S7 protection level'),
  'pn.vendor-id': text('identity', 'PROFINET vendor ID'),
  'pn.device-id': text('identity', 'PROFINET device ID'),
  'pn.oem-id': text('identity', 'PROFINET OEM device ID'),
  'pn.instance': text('identity', 'PROFINET device instance'),
  'pn.alias': text('network', 'PROFINET alias name'),
  'pn.role': text('identity', 'PROFINET device role'),
  'pn.module-ident': text('identity', 'PROFINET module and submodule identification'),
  'pn.provider-state': text('behaviour', 'PROFINET provider state'),
  'pn.alarm': text('behaviour', 'PROFINET alarm'),
  'mrp.domain': text('network', 'MRP domain'),
  'mrp.ring-state': text('behaviour', 'State of its MRP ring'),
  'pn.asked-station': text('behaviour', 'PROFINET station it looked for'),
  'bacnet.instance': integer('identity', 'BACnet device instance'),
  'bacnet.vendor-id': integer('identity', 'BACnet vendor ID'),
  'bacnet.maker': text('identity', 'Maker its BACnet vendor ID is registered for'),
  'bacnet.network': integer('network', 'BACnet network number'),
  'bacnet.address': text('network', 'BACnet address'),
  'bacnet.object': text('service', 'BACnet object name'),
  'bacnet.segmentation': text('service', 'BACnet segmentation'),
  'bacnet.forwards': record<BacnetForwardedValue>('behaviour', 'BACnet device it forwards for'),
  'bacnet.bbmd-peer': text('network', 'BACnet broadcast management device it passes broadcasts to'),
  'bacnet.foreign-device': text('network', 'BACnet foreign device registered with it'),
  'bacnet.status': text('behaviour', 'BACnet system status'),
  'bacnet.revision': integer('service', 'BACnet protocol revision'),
  'fox.brand': text('identity', 'Brand of its Niagara licence'),
  'fox.vm': text('service', 'Java virtual machine of Niagara'),
  'fox.vm-version': text('service', 'Version of its Java virtual machine'),
  'fox.version': text('service', 'Fox version'),
  // Things and their brokers.
  'mqtt.client-id': text('identity', 'MQTT client identifier'),
  'mqtt.version': text('service', 'MQTT version'),
  'mqtt.keep-alive': integer('behaviour', 'MQTT keep-alive in seconds'),
  'mqtt.topic': text('network', 'MQTT topic it publishes'),
  'mqtt.subscription': text('network', 'MQTT topic it subscribes to'),
  'mqtt.will-topic': text('network', 'MQTT topic of its last will'),
  'mqtt.server-reference': text('network', 'MQTT server it refers to'),
  'sparkplug.node': text('identity', 'Sparkplug edge node'),
  'tplink.device-id': text('identity', 'TP-Link device identifier'),
  'tuya.device-id': text('identity', 'Tuya device identifier'),
  'tuya.version': text('service', 'Tuya protocol version'),
  'amqp.container': text('identity', 'AMQP container or connection name'),
  'amqp.virtual-host': text('service', 'AMQP virtual host'),
  'amqp.address': text('network', 'AMQP address it sends to or receives from'),
  'amqp.platform': text('service', 'Platform of its AMQP program'),
  'amqp.cluster': text('network', 'AMQP cluster'),
  'coap.resource': text('service', 'CoAP resource'),
  'lwm2m.endpoint': text('identity', 'LwM2M endpoint name'),
  'lwm2m.version': text('service', 'LwM2M version'),
  'lwm2m.lifetime': integer('behaviour', 'LwM2M lifetime of its registration in seconds'),
  'lwm2m.object': text('service', 'LwM2M object'),
  'zigbee.pan': text('network', 'Zigbee network (PAN identifier)'),
  'zigbee.address': text('network', 'Zigbee short address'),
  'zigbee.manufacturer-code': text('identity', 'Zigbee manufacturer code'),
  'mms.domain': text('service', 'MMS domain'),
  'iec61850.logical-device': text('identity', 'IEC 61850 logical device'),
  'iec61850.name-space': text('service', 'IEC 61850 name space'),
  'goose.control-block': text('identity', 'GOOSE control block'),
  'goose.id': text('identity', 'GOOSE identifier'),
  'goose.data-set': text('service', 'GOOSE data set'),
  'goose.application-id': integer('service', 'GOOSE application identifier'),
  'goose.config-revision': integer('service', 'GOOSE configuration revision'),
  'goose.flag': text('behaviour', 'GOOSE flag set'),
  'sv.id': text('identity', 'Sampled value identifier'),
  'sv.data-set': text('service', 'Sampled value data set'),
  'sv.application-id': integer('service', 'Sampled value application identifier'),
  'sv.config-revision': integer('service', 'Sampled value configuration revision'),
  'opcua.application-uri': text('identity', 'OPC UA application URI'),
  'opcua.product-uri': text('identity', 'OPC UA product URI'),
  'opcua.application-name': text('identity', 'OPC UA application name'),
  'opcua.manufacturer': text('identity', 'Maker of its OPC UA server'),
  'opcua.product': text('identity', 'Product name of its OPC UA server'),
  'opcua.version': text('identity', 'Version of its OPC UA server'),
  'opcua.build': text('identity', 'Build of its OPC UA server'),
  'opcua.endpoint': text('service', 'OPC UA endpoint'),
  'opcua.asked-endpoint': text('behaviour', 'OPC UA endpoint it asked for'),
  'opcua.security-offered': text('service', 'OPC UA security offered'),
  'opcua.security-used': text('service', 'OPC UA security used'),
  'opcua.user-token': text('service', 'OPC UA login offered'),
  'opcua.certificate': record<CertificateValue>('service', 'OPC UA application certificate'),
  'dnp3.link-address': integer('identity', 'DNP3 link address'),
  'dnp3.indication': text('behaviour', 'DNP3 internal indication'),
  'dnp3.authentication': text('service', 'DNP3 authentication'),
  'iec104.common-address': integer('identity', 'IEC 60870-5-104 common address'),
  'iec104.initialised': text('behaviour', 'IEC 60870-5-104 end of initialisation'),
  'c37.id-code': integer('identity', 'Synchrophasor identification code'),
  'c37.station': text('identity', 'Synchrophasor station name'),
  'c37.global-id': text('identity', 'Global identifier of the phasor measurement unit'),
  'c37.header': text('service', 'Synchrophasor header text'),
  'knx.individual-address': text('identity', 'KNX individual address'),
  'knx.project': text('network', 'KNX project and installation number'),
  'knx.medium': text('service', 'KNX medium'),
  'knx.service-family': text('service', 'KNXnet/IP service family'),
  'knx.programming-mode': flag('behaviour', 'KNX programming mode is on'),
  'knx.security': text('service', 'KNX IP Secure'),
  // Behaviour, exposure, trouble.
  conversation: record<ConversationValue>('behaviour', 'Conversation'),
  operation: record<OperationValue>('behaviour', 'Operation'),
  'credential.cleartext': record<CredentialValue>('exposure', 'Secret crossed in clear'),
  'exposure.anonymous': text('exposure', 'Access without a credential'),
  'traffic.malformed': record<TroubleValue>('trouble', 'Malformed traffic'),
  'traffic.limit': record<TroubleValue>('trouble', 'A limit was reached'),
  'capture.damaged': record<TroubleValue>('trouble', 'Damaged capture'),
  'capture.gap': record<TroubleValue>('trouble', 'Traffic that was not captured'),
  'traffic.not-understood': record<ServiceValue>('trouble', 'Traffic not understood'),
} as const satisfies Record<string, FactDefinition>;

export type FactKind = keyof typeof FACTS;
/** The type of a kind's value. */
export type FactValue<K extends FactKind> = (typeof FACTS)[K] extends FactDefinition<infer V> ? V : never;
export const FACT_KINDS = Object.keys(FACTS) as FactKind[];

/** Whether a text is a fact kind of this edition; data from older or newer versions may hold others. */
export const isFactKind = (kind: string): kind is FactKind => Object.hasOwn(FACTS, kind);
