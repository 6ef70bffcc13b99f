// What a WebSocket (RFC 6455) carries, by the name that both ends agree on when they open it.

/** Part that the server plays, by the subprotocol it accepts (IANA WebSocket subprotocol names; ASHRAE 135 annex AB.7.1). */
const ROLES: Readonly<Record<string, string>> = {
  'hub.bsc.bacnet.org': 'BACnet/SC hub',
  'dc.bsc.bacnet.org': 'BACnet/SC node that accepts direct connections',
  mqtt: 'MQTT broker',
  mqttv3: 'MQTT broker',
  'mqttv3.1': 'MQTT broker',
  amqp: 'AMQP broker',
  xmpp: 'XMPP server',
  'opcua+uacp': 'OPC UA server',
  'opcua+uajson': 'OPC UA server',
  'ocpp1.2': 'charging station management (OCPP)',
  'ocpp1.5': 'charging station management (OCPP)',
  'ocpp1.6': 'charging station management (OCPP)',
  'ocpp2.0': 'charging station management (OCPP)',
  'ocpp2.0.1': 'charging station management (OCPP)',
};

/** In: the Sec-WebSocket-Protocol field of a response. Out: the part its sender plays, empty where it is not known. */
export function roleOfSubprotocol(field: string): string {
  const name = field.trim().toLowerCase();
  return Object.hasOwn(ROLES, name) ? (ROLES[name] ?? '') : '';
}
