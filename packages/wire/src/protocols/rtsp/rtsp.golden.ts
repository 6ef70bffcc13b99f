// Written by hand after RFC 2326: a viewer and a camera with a login in clear, pictures between the messages, cameras
// whose realm names them, logins in addresses, another port.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const text = (...lines: readonly string[]) => write().text([...lines, '', ''].join('\r\n'));
const CAMERA = '10.22.0.30';

/** Every secret in the golden capture. */
export const secrets = ['hush88', 'dmlld2VyOmh1c2g4OA', 'pw4plug', 'pw5path'];

export const golden = capture('RTSP of cameras', [
  tcp({ client: '10.22.0.9', server: CAMERA, port: 554 }, [
    fromClient(text('OPTIONS rtsp://10.22.0.30/media RTSP/1.0', 'CSeq: 1', 'User-Agent: LibVLC/3.0.16')),
    fromServer(text('RTSP/1.0 200 OK', 'CSeq: 1', 'Public: DESCRIBE, SETUP, PLAY', 'Server: VIVOTEK')),
    fromClient(text('DESCRIBE rtsp://10.22.0.30/media RTSP/1.0', 'CSeq: 2')),
    fromServer(
      text(
        'RTSP/1.0 401 Unauthorized',
        'CSeq: 2',
        'WWW-Authenticate: Digest realm="Gate", nonce="0", Basic realm="Gate"',
      ),
    ),
    fromClient(
      text('DESCRIBE rtsp://10.22.0.30/media RTSP/1.0', 'CSeq: 3', 'Authorization: Basic dmlld2VyOmh1c2g4OA=='),
    ),
    fromServer(
      text('RTSP/1.0 200 OK', 'CSeq: 3', 'Content-Type: application/sdp', 'Content-Length: 20').text(
        'v=0\r\ns=Hall 2 gate\r\n\r\n',
        20,
      ),
    ),
    fromClient(
      text('PLAY rtsp://10.22.0.30/media RTSP/1.0', 'CSeq: 4', 'Authorization: Digest username="viewer", response="0"'),
    ),
    fromServer(text('RTSP/1.0 200 OK', 'CSeq: 4')),
    fromServer(write().text('$').u8(0).u16(400).zeros(400)),
    fromServer(write().text('$').u8(1).u16(8).zeros(8)),
    fromClient(text('TEARDOWN rtsp://10.22.0.30/media RTSP/1.0', 'CSeq: 5')),
    fromServer(text('RTSP/1.0 200 OK', 'CSeq: 5', 'Server: VIVOTEK')),
  ]),
  tcp({ client: '10.22.0.9', server: '10.22.0.31', port: 8554, clientPort: 50_001 }, [
    fromClient(text('DESCRIBE rtsp://plug:pw4plug@10.22.0.31/ch1 RTSP/1.0', 'CSeq: 1')),
    fromServer(text('RTSP/1.0 401 Unauthorized', 'CSeq: 1', 'WWW-Authenticate: Digest realm="AXIS_ACCC8E002231"')),
  ]),
  tcp({ client: '10.22.0.9', server: '10.22.0.32', port: 10_554, clientPort: 50_002 }, [
    fromClient(
      text(
        'DESCRIBE rtsp://10.22.0.32/user=admin_password=pw5path_channel=1_stream=0.sdp RTSP/1.0',
        'CSeq: 1',
        'Accept: application/sdp',
        `User-Agent: recorder ${'of the plant '.repeat(8)}`,
      ),
    ),
    fromServer(
      text('RTSP/1.0 401 Unauthorized', 'CSeq: 1', 'WWW-Authenticate: Digest realm="Login to 4D0123APAZ99999"'),
    ),
  ]),
  // Something else on the port, and a first line that breaks off.
  tcp({ client: '10.22.0.10', server: '10.22.0.34', port: 554, clientPort: 50_003 }, [fromClient(text('HELO plant'))]),
]);
