'use strict';
// The ways programs write an error down. Each returns the text of one log record.
const util = require('util');
const { Writable } = require('stream');

const stamp = () => new Date().toISOString();
const oneLine = (text) => text.replace(/\n$/, '');

function pinoLine(error, message) {
  let written = '';
  const log = require('pino')({ base: { pid: 1, hostname: 'auth-1' } }, { write: (text) => { written += text; } });
  message ? log.warn({ err: error, reqId: 'req-1f' }, message) : log.error(error);
  return oneLine(written);
}

function winstonLine(text) {
  const winston = require('winston');
  let written = '';
  const stream = new Writable({ write(chunk, _, next) { written += chunk; next(); } });
  const { combine, timestamp, printf } = winston.format;
  const format = combine(timestamp({ format: stamp }), printf((i) => `${i.timestamp} [${i.level}] auth: ${i.message}`));
  winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] }).warn(text);
  return oneLine(written);
}

// `bare` coats hold only the message: left out where the message is everybody's
const COATS = [
  { name: 'String(err)', write: (e) => String(e) },
  { name: 'console.error(err)', stack: true, write: (e) => util.format(e) },
  { name: 'JSON.stringify({...err, message})', write: (e) => JSON.stringify({ ...e, name: e.name, message: e.message }) },
  { name: 'pino log.error(err)', stack: true, write: (e) => pinoLine(e) },
  { name: 'console.error(text, err.message)', bare: true, write: (e) => util.format('Token verification failed:', e.message) },
  { name: 'winston printf', write: (e) => winstonLine(`401 ${e.name}: ${e.message} (GET /orders)`) },
  { name: 'pino log.warn({err})', stack: true, write: (e) => pinoLine(e, 'token rejected') },
  { name: 'template', bare: true, write: (e) => `${stamp()} WARN auth-1 token rejected: ${e.message}, ip=198.51.100.7` },
  { name: 'err.stack', stack: true, write: (e) => e.stack },
  { name: 'logfmt', bare: true, write: (e) => `time=${stamp()} level=warn msg="token rejected" err=${JSON.stringify(e.message)} path=/orders` },
];
const MESSAGE = { name: 'err.message', bare: true, write: (e) => e.message };
/** Errors made of fields and a code: what JSON.stringify(err) leaves of them. */
const FIELDS = { name: 'JSON.stringify(err)', write: (e) => JSON.stringify({ level: 'warn', time: stamp(), err: e }) };
const CODE = { name: 'err.code', write: (e) => `${stamp()} WARN auth-1 authentication failed: ${e.code}` };

module.exports = { COATS, MESSAGE, FIELDS, CODE };
