// Topics on which devices take commands. MQTT leaves topics to whoever uses it; these are the forms that makers of devices
// and home automation agreed on.

/** Types of Sparkplug messages that ask for something (Sparkplug 3.0 section 6.4). */
export const isCommandType = (type: string): boolean => type === 'NCMD' || type === 'DCMD';

/**
 * Tasmota's `cmnd/NAME/POWER`, Zigbee2MQTT's and Homie's `.../set`, Shelly's `shellies/NAME/relay/0/command`, ESPHome's
 * `NAME/switch/pump/command`, direct methods of Azure IoT Hub and commands of ThingsBoard.
 */
export const isCommandTopic = (topic: string): boolean =>
  /^cmnd\/[^/]+\/.|\/cmnd\/[^/]+$|\/(?:set|command)$|^\$iothub\/methods\/POST\/|^v1\/devices\/me\/rpc\/request\//.test(
    topic,
  );
