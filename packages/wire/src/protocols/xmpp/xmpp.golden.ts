// XMPP after RFC 6120: a device that logs in with a password, the old way of doing so, one that goes on encrypted, and one
// that is refused.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (content: string) => write().text(content);
const hello = text(
  "<?xml version='1.0'?><stream:stream to='things.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
);
const features = text(
  "<?xml version='1.0'?><stream:stream from='things.example' id='a1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
);
const login = (mechanism: string, content: string) =>
  text(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='${mechanism}'>${content}</auth>`);

/** "\0thermostat-4\0Heiz_ung7" and one more in base64; a password in clear. */
export const secrets = ['Heiz_ung7', 'Alt+Weg99'];

export const golden = capture('XMPP logins', [
  tcp({ client: '10.8.0.20', server: '10.8.0.1', port: 5222 }, [
    fromClient(hello),
    fromServer(features),
    fromClient(login('PLAIN', 'AHRoZXJtb3N0YXQtNABIZWl6X3VuZzc=')),
    fromServer(text("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")),
    fromClient(text("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>")),
  ]),
  tcp({ client: '10.8.0.21', server: '10.8.0.1', port: 5222 }, [
    fromClient(hello),
    fromClient(
      text(
        "<iq type='set' id='2'><query xmlns='jabber:iq:auth'><username>boiler</username><password>Alt+Weg99</password><resource>r</resource></query></iq>",
      ),
    ),
    fromServer(text("<iq type='result' id='2'/>")),
  ]),
  tcp({ client: '10.8.0.22', server: '10.8.0.1', port: 15_222 }, [
    fromClient(hello),
    fromServer(features),
    fromClient(text("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")),
    fromServer(text("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")),
    fromClient(write().hex('16 03 01 00 05 01 00 00 01 03')),
  ]),
  tcp({ client: '10.8.0.23', server: '10.8.0.1', port: 5222 }, [
    fromClient(hello),
    fromClient(login('SCRAM-SHA-1', 'biwsbj11c2VyLHI9b3I=')),
    fromServer(text("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>")),
  ]),
  tcp({ client: '10.8.0.26', server: '10.8.0.1', port: 5222 }, [
    fromClient(hello),
    fromClient(login('DIGEST-MD5', '')),
  ]),
  // Something else, and a stream that breaks off.
  tcp({ client: '10.8.0.24', server: '10.8.0.1', port: 5222 }, [fromClient(text('HELO everybody'))]),
  tcp({ client: '10.8.0.25', server: '10.8.0.1', port: 5222 }, [fromClient(hello), fromClient(text('<iq type='))]),
]);
