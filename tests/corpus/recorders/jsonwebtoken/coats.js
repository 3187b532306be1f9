'use strict';
// The ways programs write an error down. Each returns the text of one log record.
const util = require('util');
const { NOW } = require('./tokens');

const oneLine = (text) => text.replace(/\n$/, '');
const stamp = () => new Date(NOW * 1000).toISOString();

function pinoLine(error, extra) {
  let written = '';
  const log = require('pino')({ base: { pid: 1, hostname: 'auth-1' } }, { write: (text) => { written += text; } });
  extra ? log.warn({ err: error, reqId: 'req-1f' }, 'token rejected') : log.error(error);
  return oneLine(written);
}

function winstonLine(format, level, ...rest) {
  const winston = require('winston');
  const { Writable } = require('stream');
  let written = '';
  const stream = new Writable({ write(chunk, _, next) { written += chunk; next(); } });
  const log = winston.createLogger({ format: format(winston.format), transports: [new winston.transports.Stream({ stream })] });
  log[level](...rest);
  return oneLine(written);
}

const winstonJson = (f) => f.combine(f.errors({ stack: true }), f.timestamp({ format: stamp }), f.json());
const winstonPrintf = (f) => f.combine(f.timestamp({ format: stamp }), f.printf((i) => `${i.timestamp} [${i.level}] auth: ${i.message}`));

/** The body an express application answers with when its handler passes the error on. */
async function express(error, handler) {
  const app = require('express')();
  app.set('env', handler ? 'production' : 'development');
  app.get('/', (req, res, next) => next(error));
  if (handler) app.use(handler);
  const server = await new Promise((done) => { const s = app.listen(0, '127.0.0.1', () => done(s)); });
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  const body = await answer.text();
  await new Promise((done) => server.close(done));
  return oneLine(body);
}

// four parameters: that is how express knows an error handler
const unauthorized = (error, req, res, next) =>
  res.status(401).json({ status: 401, error: 'UnauthorizedError', message: error.message, path: '/orders' });

// verdict: the program's own words say that a token was rejected, which no signing error does
// old: also written by the oldest Node.js versions, which the loggers do not support
const COATS = [
  { name: 'console.error(signing)', signing: true, write: (e) => util.format('could not issue the session:', e.message) },
  { name: 'String(err)', old: true, write: (e) => String(e) },
  { name: 'console.error(err)', old: true, stack: true, write: (e) => util.format(e) },
  { name: 'JSON.stringify({name,message,expiredAt})', write: (e) => JSON.stringify({ name: e.name, message: e.message, expiredAt: e.expiredAt }) },
  { name: 'pino log.error(err)', stack: true, write: (e) => pinoLine(e) },
  { name: 'console.error(text, err.message)', verdict: true, write: (e) => util.format('Token verification failed:', e.message) },
  { name: 'err.stack', old: true, stack: true, write: (e) => e.stack },
  { name: 'winston json', stack: true, write: (e) => winstonLine(winstonJson, 'error', e) },
  { name: 'express 401 body', verdict: true, bare: true, write: (e) => express(e, unauthorized) },
  { name: 'console.error(text, err)', verdict: true, old: true, stack: true, write: (e) => util.format('[auth] jwt verify error', e) },
  { name: 'JSON.stringify(err)', write: (e) => JSON.stringify({ level: 'warn', time: stamp(), reqId: 'req-1f', err: e }) },
  { name: 'winston printf', verdict: true, write: (e) => winstonLine(winstonPrintf, 'warn', `401 ${e.name}: ${e.message} (GET /orders)`) },
  { name: 'pino log.warn({err})', verdict: true, stack: true, write: (e) => pinoLine(e, true) },
  { name: 'template', verdict: true, bare: true, write: (e) => `${stamp()} WARN auth-1 token rejected: ${e.message}, ip=198.51.100.7` },
  { name: 'express error page', stack: true, write: (e) => express(e) },
];
// Programs that log the class alone; `named` in a case asks for these.
const NAMES = [
  { name: 'err.name', write: (e) => `${stamp()} WARN auth-1 authentication failed: ${e.name}` },
  { name: '{error: err.name}', write: (e) => JSON.stringify({ level: 'warn', time: stamp(), event: 'auth', error: e.name, path: '/orders' }) },
];
const MESSAGE = { name: 'err.message', bare: true, write: (e) => e.message };

module.exports = { COATS, MESSAGE, NAMES };
