'use strict';
// passport-jwt under passport: what a custom callback, the log and the client see.
const passport = require('passport');
const { NOW, SECRET, OTHER_SECRET, LATER, sign } = require('./tokens');
const { express, bearer } = require('./web');

const VERSIONS = ['3.0.1', '4.0.1'];
const cases = [
  { id: 'no-header', reason: 'header_missing', headers: {} },
  { id: 'scheme', reason: 'header_missing', headers: { authorization: 'Basic dXNlcjpwYXNz' } },
  { id: 'expired', library: 'jsonwebtoken', reason: 'token_expired', headers: bearer(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'signature', library: 'jsonwebtoken', reason: 'signature_invalid', headers: bearer(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'malformed', library: 'jsonwebtoken', reason: 'token_malformed', headers: bearer('nonsense') },
];

function strategy(version, more) {
  const { Strategy, ExtractJwt } = require(`passport-jwt-${version}`);
  const options = { secretOrKey: SECRET, ...(ExtractJwt && { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() }), ...more };
  return new Strategy(options, (payload, done) => done(null, { id: payload.sub }));
}

/** The `info` a custom callback gets: an error where the token was refused. */
async function refusal(version, headers) {
  let info;
  passport.use(strategy(version));
  const custom = (req, res, next) => passport.authenticate('jwt', { session: false }, (error, user, problem) => {
    info = problem;
    next(problem);
  })(req, res, next);
  await express(custom, headers);
  return info;
}

function misconfigured(version, more) {
  try {
    return strategy(version, more);
  } catch (error) {
    return error;
  }
}

async function* entries() {
  for (let i = 0; i < 4; i++) {
    const error = await refusal('1.2.1', { authorization: 'nonsense' });
    yield { reason: 'header_malformed', version: '1.2.1', stackOnly: true, error };
  }
  for (const version of VERSIONS) {
    const newest = version === '4.0.1';
    for (const entry of cases) {
      yield { ...entry, version, newest, error: await refusal(version, entry.headers) };
      if (newest && entry.id === 'no-header') {
        for (let i = 0; i < 9; i++) yield { ...entry, version, error: await refusal(version, entry.headers) };
      }
    }
    for (let i = 0; i < 3; i++) {
      yield { reason: 'key_missing', version, newest, error: misconfigured(version, { secretOrKey: undefined }) };
    }
    passport.use(strategy(version));
    const answer = await express(passport.authenticate('jwt', { session: false }), {});
    yield { reason: 'unspecified', version, texts: [`${answer.status} ${answer.body}`] };
  }
}

module.exports = { entries };
