'use strict';
// A key-set server that behaves well or fails in one of several ways.
const http = require('http');

const BODIES = { html: '<html></html>', status: 'busy', noKeys: '{"keys":[]}', malformed: '{"keys":"none"}', notFound: 'not here', object: '{"error":"busy"}' };
const STATUS = { status: 503, notFound: 404 };

/** Starts a server answering as `kind`, or with `body`; gives its port and how to stop it. */
async function start(kind, body) {
  const server = http.createServer((_, response) => {
    if (kind === 'slow') return;
    if (kind === 'reset') { response.destroy(); return; }
    response.statusCode = STATUS[kind] || 200;
    response.setHeader('content-type', 'application/json');
    response.end(kind in BODIES ? BODIES[kind] : body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  const stop = () => { server.closeAllConnections(); server.close(); };
  if (kind === 'refused') stop();
  return { port, url: `http://127.0.0.1:${port}/jwks.json`, stop };
}

module.exports = { start };
