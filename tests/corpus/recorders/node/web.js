'use strict';
// A small web application around a library's middleware, and the requests sent to it.
const http = require('http');

/** Sends one GET with these headers; gives status, body and what the answer says of authentication. */
async function ask(handler, headers, path = '/orders') {
  const server = http.createServer(handler);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { headers });
  const body = (await answer.text()).replace(/\n$/, '');
  server.closeAllConnections();
  server.close();
  return { status: answer.status, body, challenge: answer.headers.get('www-authenticate') };
}

/** An express application with this middleware; gives the answer and the error that reached its handler. */
async function express(middleware, headers, { page = false, path = '/orders' } = {}) {
  const app = require('express')();
  let error;
  app.set('env', page ? 'development' : 'production');
  app.use(middleware);
  app.get('/orders', (req, res) => { res.json({}); });
  app.use((problem, req, res, next) => {
    error = problem;
    if (page) return next(problem);
    return res.status(problem.status || 500).json({ status: problem.status, code: problem.code, message: problem.message });
  });
  const written = console.error;
  console.error = () => {}; // express writes there too
  try {
    return { ...await ask(app, headers, path), error };
  } finally {
    console.error = written;
  }
}

const bearer = (token) => ({ authorization: `Bearer ${token}` });

module.exports = { ask, express, bearer };
