'use strict';
// The auth service. Ordinary code: it knows nothing of the simulation around it.

const fastify = require('fastify');
const jwt = require('jsonwebtoken');
const pino = require('pino');

const TOKEN_LIFETIME_SECONDS = 15 * 60;

/** Return the token of an Authorization header, or undefined. */
function bearerToken(request) {
  const [scheme, token] = (request.headers.authorization || '').split(' ');
  return scheme === 'Bearer' ? token : undefined;
}

/** Report what an operator should see: not every expired token is an incident. */
function report(sentry, err, request) {
  if (err instanceof jwt.TokenExpiredError || err.message === 'jwt malformed') return;
  sentry.withScope((scope) => {
    scope.setTag('request_id', request.id);
    scope.setTag('route', request.routeOptions.url);
    sentry.captureException(err);
  });
}

function addTokenCheck(app, env, sentry) {
  app.decorate('authenticate', async (request, reply) => {
    const token = bearerToken(request);
    if (!token) {
      request.log.warn('authorization header missing');
      return reply.code(401).send({ error: 'unauthorized' });
    }
    try {
      request.claims = jwt.verify(token, env.JWT_SECRET, { algorithms: ['HS256'] });
    } catch (err) {
      request.log.warn({ err }, 'token verification failed');
      report(sentry, err, request);
      return reply.code(401).send({ error: 'unauthorized' });
    }
    return undefined;
  });
}

function addRequestLog(app) {
  app.addHook('onRequest', async (request) => {
    request.receivedAt = Date.now();
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        req: request,
        res: reply,
        responseTime: Date.now() - request.receivedAt,
      },
      'request completed',
    );
  });
}

function addRoutes(app, env, store) {
  const issue = (request, sub) => {
    const token = jwt.sign({ sub, scope: 'web' }, env.JWT_SECRET, {
      algorithm: 'HS256',
      expiresIn: TOKEN_LIFETIME_SECONDS,
    });
    request.log.info({ keyVersion: env.JWT_SECRET_VERSION }, 'token issued');
    return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_SECONDS };
  };
  const guarded = { preHandler: app.authenticate };
  app.get('/health', async () => ({ status: 'ok' }));
  app.post('/v1/login', async (request) => {
    const user = await store.checkPassword(request.body);
    return issue(request, user.id);
  });
  app.post('/v1/refresh', guarded, async (request) => issue(request, request.claims.sub));
  for (const name of ['session', 'profile', 'permissions']) {
    app.get(`/v1/${name}`, guarded, async (request) => store.load(name, request.claims.sub));
  }
}

/** Build one instance. `env` is what the container was started with; `output` takes log lines. */
function buildService({ env, hostname, output, store, sentry }) {
  const log = pino({ base: { pid: 1, hostname } }, output);
  const app = fastify({
    logger: log,
    disableRequestLogging: true,
    requestIdHeader: 'x-request-id',
    trustProxy: true,
  });
  addTokenCheck(app, env, sentry);
  addRequestLog(app);
  addRoutes(app, env, store);
  log.info({ release: env.RELEASE, keyVersion: env.JWT_SECRET_VERSION }, 'auth service started');
  return app;
}

module.exports = { buildService, TOKEN_LIFETIME_SECONDS };
