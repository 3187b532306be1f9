'use strict';
// The users' browsers: log in, ask for things, refresh or forget to, retry, log in again.

const jwt = require('jsonwebtoken');
const clock = require('./clock');
const incident = require('./incident');
const { TOKEN_LIFETIME_SECONDS } = require('./service');

const THINK_MS = 22_000; // mean time between two requests of a session
const SESSION_MS = 12 * 60_000; // mean length of a session
const LATE_REFRESHERS = 0.6; // share of sessions that use a token until it is refused
const GUARDED = ['/v1/session', '/v1/profile', '/v1/permissions'];

/** Send one request to one container, and enter the outcome in the books. */
async function send(world, ms, client, request, container) {
  clock.set(ms);
  const headers = { host: 'auth.example.com', 'x-request-id': world.random.hex(16), 'user-agent': client.agent };
  if (request.authorization) headers.authorization = request.authorization;
  const response = await container.app.inject({
    method: request.method,
    url: request.url,
    headers,
    payload: request.payload,
    remoteAddress: client.address,
  });
  await new Promise((resolve) => { setImmediate(resolve); }); // let Sentry write its envelope
  world.books.request(ms, container, request, response.statusCode);
  return response;
}

const anyContainer = (world) => world.random.pick(world.inService);

/** Log in at any container. The token carries that container's secret. */
async function logIn(world, ms, client) {
  const payload = { user: client.user };
  const container = anyContainer(world);
  const request = { method: 'POST', url: '/v1/login', payload };
  const response = await send(world, ms, client, request, container);
  client.token = response.json().access_token;
  client.signedWith = container.version;
  client.issuedMs = ms;
}

async function ask(world, ms, client, container = anyContainer(world)) {
  const age = (ms - client.issuedMs) / 1000;
  const isRefresh = !client.isLate && age > 0.8 * TOKEN_LIFETIME_SECONDS;
  const request = {
    method: isRefresh ? 'POST' : 'GET',
    url: isRefresh ? '/v1/refresh' : world.random.pick(GUARDED),
    authorization: `Bearer ${client.token}`,
    signedWith: client.signedWith,
    isExpired: Math.floor(ms / 1000) >= Math.floor(client.issuedMs / 1000) + TOKEN_LIFETIME_SECONDS,
  };
  const response = await send(world, ms, client, request, container);
  if (response.statusCode === 200 && isRefresh) {
    client.token = response.json().access_token;
    client.signedWith = container.version;
    client.issuedMs = ms;
  }
  return response.statusCode;
}

/** One user from login to leaving. Every step puts the next one on the agenda. */
function startSession(world, startMs) {
  const { random } = world;
  const client = {
    user: `u-${random.hex(6)}`,
    address: `203.0.113.${1 + Math.floor(random.uniform() * 250)}`,
    agent: random.pick(['Mozilla/5.0 (X11; Linux x86_64)', 'web-app/5.2 (iOS)']),
    isLate: random.uniform() < LATE_REFRESHERS,
    failures: 0,
  };
  const endMs = startMs + random.exponential(SESSION_MS);
  const later = (ms, step) => {
    if (ms < endMs) world.agenda.at(ms, () => step(Math.floor(ms)));
  };
  const login = async (ms) => {
    await logIn(world, ms, client);
    later(ms + random.between(300, 1500), use);
  };
  const use = async (ms, isRetry = false) => {
    const status = await ask(world, ms, client);
    if (status !== 401) {
      client.failures = 0;
      later(ms + random.exponential(THINK_MS), use);
    } else if (!isRetry && random.uniform() < 0.4) {
      later(ms + random.between(400, 1200), (at) => use(at, true));
    } else {
      client.failures += 1;
      const pause = client.failures % 4 === 0
        ? random.between(45_000, 120_000) // gives up for a while
        : random.between(1500, 6000);
      later(ms + pause, login);
    }
  };
  world.agenda.at(startMs, () => login(Math.floor(startMs)));
}

/** Sessions begin at random, a few more towards noon. */
function scheduleSessions(world) {
  const rate = (ms) => 0.036 + 0.012 * ((ms - incident.WARM_UP) / (incident.END - incident.WARM_UP));
  const arrive = (ms) => {
    if (ms >= incident.END) return;
    startSession(world, ms);
    const next = ms + world.random.exponential(1000 / rate(ms));
    world.agenda.at(next, () => arrive(next));
  };
  world.agenda.at(incident.WARM_UP, () => arrive(incident.WARM_UP));
}

/** What the internet sends all day: no token, half a token, a token of another environment. */
function scheduleStrays(world) {
  const { random } = world;
  const foreign = () => jwt.sign({ sub: 'u-staging', scope: 'web' }, incident.SECRETS.staging);
  const kinds = [
    [0.5, () => ({})],
    [0.9, () => ({ authorization: `Bearer ${random.hex(24)}` })],
    [1.0, () => ({ authorization: `Bearer ${foreign()}`, signedWith: 'staging' })],
  ];
  const stray = async (ms) => {
    if (ms >= incident.END) return;
    const roll = random.uniform();
    clock.set(ms);
    const request = kinds.find(([below]) => roll < below)[1]();
    const client = { address: `198.51.100.${random.pick([7, 23, 81, 144])}`, agent: 'python-requests/2.31' };
    await send(world, ms, client, { method: 'GET', url: '/v1/session', ...request }, anyContainer(world));
    const next = Math.floor(ms + random.exponential(5 * 60_000));
    world.agenda.at(next, () => stray(next));
  };
  world.agenda.at(incident.WARM_UP, () => stray(incident.WARM_UP));
}

/** 11:25: on call logs in at a new container and tries that token on all ten. */
function scheduleProbe(world) {
  const client = { user: 'u-oncall', address: '192.0.2.10', agent: 'curl/8.5.0', isLate: true };
  world.agenda.at(incident.PROBE, async () => {
    const fresh = world.inService.find((container) => container.version === 'v2');
    const everyone = [...world.inService];
    world.inService = [fresh];
    await logIn(world, incident.PROBE, client);
    world.inService = everyone;
    for (const [i, container] of everyone.entries()) {
      await ask(world, incident.PROBE + 2000 * (i + 1), client, container);
    }
  });
}

module.exports = { scheduleSessions, scheduleStrays, scheduleProbe };
