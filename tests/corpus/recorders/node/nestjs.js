'use strict';
// A NestJS application behind AuthGuard('jwt'): the answers, the exceptions a filter logs, Nest's own log.
require('reflect-metadata');
const util = require('util');
const passport = require('passport');
const nest = require('@nestjs/common');
const { BaseExceptionFilter, NestFactory } = require('@nestjs/core');
const { AuthGuard } = require('@nestjs/passport');
const { JwtService } = require('@nestjs/jwt');
const { NOW, SECRET, OTHER_SECRET, LATER, sign } = require('./tokens');
const { bearer } = require('./web');

const VERSION = '10.4.15';
const refused = (error) => ({ canActivate() { if (error) throw error(); return false; } });
const verifying = {
  canActivate(context) {
    const { headers } = context.switchToHttp().getRequest();
    return Boolean(new JwtService({ secret: SECRET }).verify(headers.authorization.slice('Bearer '.length)));
  },
};

const cases = [
  { id: 'no-token', reason: 'unspecified', guard: () => AuthGuard('jwt'), headers: {} },
  { id: 'bad-token', reason: 'unspecified', guard: () => AuthGuard('jwt'), headers: bearer('nonsense') },
  { id: 'plain', reason: 'unspecified', guard: () => refused(() => new nest.UnauthorizedException()), headers: {} },
  { id: 'words', reason: 'unspecified', guard: () => refused(() => new nest.UnauthorizedException('Invalid token')), headers: {} },
  { id: 'forbidden', reason: 'insufficient_scope', guard: () => refused(), headers: {} },
  { id: 'strategy', reason: 'unspecified', guard: () => AuthGuard('jwt-refresh'), headers: {} },
  { id: 'expired', library: 'jsonwebtoken', reason: 'token_expired', guard: () => verifying, headers: bearer(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'signature', library: 'jsonwebtoken', reason: 'signature_invalid', guard: () => verifying, headers: bearer(sign(LATER, undefined, OTHER_SECRET)) },
];

/** Controllers and modules without decorators' syntax. */
function moduleWith(guard) {
  class Orders { list() { return []; } }
  nest.Controller('orders')(Orders);
  const method = Object.getOwnPropertyDescriptor(Orders.prototype, 'list');
  nest.Get()(Orders.prototype, 'list', method);
  nest.UseGuards(guard)(Orders.prototype, 'list', method);
  class App {}
  nest.Module({ controllers: [Orders] })(App);
  return App;
}

async function refuse(entry) {
  const lines = [];
  const logger = { log() {}, debug() {}, verbose() {} };
  ['error', 'warn'].forEach((level) => { logger[level] = (...args) => { lines.push(`[Nest] 1  - 05/06/2031, 7:08:09 AM   ${level.toUpperCase()} [${args[args.length - 1]}] ${args.slice(0, -1).join('\n')}`); }; });
  const app = await NestFactory.create(moduleWith(entry.guard()), { logger });
  let error;
  class Filter extends BaseExceptionFilter {
    catch(problem, host) { error = problem; super.catch(problem, host); }
  }
  nest.Catch()(Filter);
  app.useGlobalFilters(new Filter(app.getHttpAdapter()));
  await app.listen(0, '127.0.0.1');
  const answer = await fetch(`${await app.getUrl()}/orders`, { headers: entry.headers });
  const body = await answer.text();
  await app.close();
  return { error, body, lines };
}

async function* entries() {
  const { Strategy, ExtractJwt } = require('passport-jwt-4.0.1');
  passport.use(new Strategy({ secretOrKey: SECRET, jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() }, (payload, done) => done(null, payload)));
  for (const entry of cases) {
    const made = await refuse(entry);
    const shared = { reason: entry.reason, version: VERSION, library: entry.library };
    if (!entry.library && entry.id !== 'strategy') yield { ...shared, texts: [made.body] };
    if (!made.error) throw new Error(`${entry.id}: was accepted`);
    yield { ...shared, texts: [util.format(made.error), ...made.lines] };
    for (let i = 0; i < 5; i++) yield { ...shared, error: made.error, bareIsGeneric: true };
  }
}

module.exports = { entries };
