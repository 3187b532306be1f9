// Log the twelve events in one form. Usage: emit.js FORM
const fs = require('fs');
const jwt = require('jsonwebtoken');
const winston = require('winston');
const { combine, timestamp, errors, prettyPrint } = winston.format;

const key = 's'.repeat(32);
const now = Math.floor(Date.now() / 1000);
const token = (claims, by = key) => jwt.sign({ sub: 'u1', aud: 'orders', ...claims }, by);
const refused = [
  token({ exp: now - 600 }), token({ exp: now + 600 }, 'x'.repeat(32)),
  token({ exp: now + 600, aud: 'web' }), 'abc.def', token({ exp: now - 60 }),
];
const events = [{ text: 'listening on port 8080' }];
refused.forEach((one, i) => {
  events.push({ text: `order ${i} stored` });
  try { jwt.verify(one, key, { audience: 'orders' }); } catch (error) {
    events.push({ text: 'authentication failed', error, path: `/orders/${i}` });
  }
});
events.push({ text: 'shutting down' });

const console_ = (...formats) => winston.createLogger({
  format: combine(...formats), transports: [new winston.transports.Console()],
});
const pretty = console_(timestamp(), prettyPrint());
const coloured = console_(errors({ stack: true }), timestamp(), prettyPrint({ colorize: true }));
const forms = {
  'winston-pretty': ({ text, error, path }) => (error
    ? pretty.error({ message: error.message, path, status: 401 }) : pretty.info(text)),
  'winston-errors': ({ text, error }) => (error ? coloured.error(error) : coloured.info(text)),
  'console-object': ({ text, error, path }) => console.log({
    time: new Date(), level: error ? 'error' : 'info', service: 'orders-api', msg: text,
    ...(error && { err: error.message, path, status: 401 }),
  }),
};
(async () => {
  for (const event of events) {
    fs.appendFileSync(process.env.BOOK, `${new Date().toISOString()}\n`);
    forms[process.argv[2]](event);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
})();
