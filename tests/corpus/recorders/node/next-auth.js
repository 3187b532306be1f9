'use strict';
// next-auth 4 and Auth.js (next-auth 5): what their loggers write of a session cookie they cannot read.
const util = require('util');
const path = require('path');
const { NOW, SECRET, OTHER_SECRET, part } = require('./tokens');

/** What the library writes to the console while it answers. */
async function logged(run) {
  const lines = [];
  const kept = { error: console.error, warn: console.warn };
  console.error = (...args) => { lines.push(util.format(...args)); };
  console.warn = () => {};
  try {
    await run();
  } finally {
    Object.assign(console, kept);
  }
  return lines.join('\n');
}

const four = (file) => require(path.join(__dirname, 'node_modules/next-auth-4.24.11', file));

async function sessionFour(cookie, secret = SECRET) {
  const cookies = { 'next-auth.session-token': cookie };
  const req = { action: 'session', method: 'GET', cookies, headers: {}, query: {}, origin: 'https://app.example.com' };
  return logged(() => four('core/index.js').AuthHandler({ req, options: { providers: [], secret, session: { strategy: 'jwt' } } }));
}

async function sessionFive(cookie, secret = SECRET) {
  const { Auth } = await import('auth-core-0.37.4');
  const headers = { cookie: `__Secure-authjs.session-token=${cookie}` };
  const request = new Request('https://app.example.com/auth/session', { headers });
  return logged(() => Auth(request, { providers: [], secret, trustHost: true, basePath: '/auth' }));
}

async function tokens() {
  const five = await import('auth-core-0.37.4/jwt');
  const salt = '__Secure-authjs.session-token';
  const old = four('jwt/index.js');
  const token = { sub: 'user-17' };
  return {
    four: { other: await old.encode({ token, secret: OTHER_SECRET }), expired: await old.encode({ token, secret: SECRET, maxAge: -600 }) },
    five: { other: await five.encode({ token, secret: OTHER_SECRET, salt }), expired: await five.encode({ token, secret: SECRET, salt, maxAge: -600 }) },
    nonsense: 'nonsense', noHeader: `${part('nonsense')}..x.x.x`,
  };
}

/** One line as it is, and as a container's log has it: with a stamp before it. */
const coats = (text) => [text, `${new Date(NOW * 1000).toISOString()} ${text}`];

async function* entries() {
  const { four: a, five: b, nonsense, noHeader } = await tokens();
  const cases = [
    { reason: 'decryption_failed', library: 'jose', version: '4.24.11', text: await sessionFour(a.other) },
    { reason: 'token_expired', library: 'jose', version: '4.24.11', text: await sessionFour(a.expired) },
    { reason: 'decryption_failed', version: '5.0.0', text: await sessionFive(b.other) },
    { reason: 'token_expired', library: 'jose', version: '5.0.0', text: await sessionFive(b.expired) },
    { reason: 'token_malformed', library: 'jose', version: '4.24.11', text: await sessionFour(nonsense) },
    { reason: 'token_malformed', library: 'jose', version: '5.0.0', text: await sessionFive(nonsense) },
    { reason: 'token_malformed', library: 'jose', version: '4.24.11', text: await sessionFour(noHeader) },
    { reason: 'key_missing', version: '5.0.0', text: await sessionFive(b.other, null) },
  ];
  process.env.NODE_ENV = 'production';
  cases.push({ reason: 'key_missing', version: '4.24.11', text: await sessionFour(a.other, '') });
  for (const { text, ...entry } of cases) {
    if (!text) throw new Error(`${entry.reason}: nothing was written`);
    yield { ...entry, texts: coats(text) };
    const first = text.split('\n')[0];
    if (first.includes('JWTSessionError') || first.endsWith('[JWT_SESSION_ERROR] ')) yield { reason: 'unspecified', version: entry.version, texts: coats(first) };
  }
}

module.exports = { entries };
