// The web page that so many devices have: a title, a server name, and perhaps a realm that asks for a password.
// Arguments: title, server name, realm, port.
import { createServer } from 'node:http';

const [title = '', serverName = '', realm, port = '80'] = process.argv.slice(2);
createServer((request, response) => {
  response.setHeader('Server', serverName);
  if (realm && !request.headers.authorization && request.url !== '/') {
    response
      .writeHead(401, { 'WWW-Authenticate': `Digest realm="${realm}", nonce="demo", algorithm=MD5, qop="auth"` })
      .end();
    return;
  }
  response.setHeader('Content-Type', 'text/html');
  response.end(`<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);
}).listen(Number(port), '0.0.0.0');
