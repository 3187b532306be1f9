'use strict';
// Ten containers behind a load balancer, and the rolling deploys that replace them.

const clock = require('./clock');
const incident = require('./incident');
const { buildService } = require('./service');
const { sentryFor } = require('./sentry');

const STARTUP_MS = 24_000; // container start to first request from the load balancer
const DRAIN_MS = 31_000; // out of the load balancer to SIGTERM
const HEALTH_CHECK_MS = 30_000;

/** A stand-in for the user database: it takes time, on the virtual clock. */
function userStore(random) {
  const wait = (low, high) => clock.advance(random.between(low, high));
  return {
    async checkPassword(body) {
      wait(38, 110);
      return { id: body.user };
    },
    async load(name, sub) {
      wait(2, 30);
      return { name, sub };
    },
  };
}

/** Start one container; its log lines and its Sentry envelopes go to `world`. */
function startContainer(world, slot, version, revision, inServiceMs) {
  const { random } = world;
  const containerId = random.hex(64);
  const container = {
    slot,
    version,
    revision,
    taskId: random.hex(32),
    containerId,
    hostname: containerId.slice(0, 12),
    startedMs: inServiceMs - STARTUP_MS,
    inServiceMs,
    stoppedMs: null,
    lines: [],
  };
  const output = {
    write(line) {
      container.lines.push(line.replaceAll(world.appRoot, '/app').trimEnd());
    },
  };
  const env = {
    JWT_SECRET: incident.SECRETS[version],
    JWT_SECRET_VERSION: version,
    RELEASE: incident.RELEASE,
  };
  clock.set(container.startedMs);
  container.app = buildService({
    env,
    hostname: container.hostname,
    output,
    store: userStore(random),
    sentry: sentryFor({
      hostname: container.hostname,
      release: incident.RELEASE,
      path: world.sentryPath,
      appRoot: world.appRoot,
    }),
  });
  world.containers.push(container);
  scheduleHealthChecks(world, container);
  return container;
}

function scheduleHealthChecks(world, container) {
  const check = async (ms) => {
    if (container.stoppedMs !== null && ms >= container.stoppedMs) return;
    clock.set(ms);
    const response = await container.app.inject({
      method: 'GET',
      url: '/health',
      remoteAddress: '10.20.0.11',
      headers: { host: '10.20.1.5:3000', 'user-agent': 'ELB-HealthChecker/2.0', 'x-request-id': world.random.hex(16) },
    });
    world.books.healthCheck(ms, response.statusCode);
    world.agenda.at(ms + HEALTH_CHECK_MS, () => check(ms + HEALTH_CHECK_MS));
  };
  const first = Math.max(container.startedMs, incident.WARM_UP) + world.random.between(3e3, 9e3);
  world.agenda.at(first, () => check(Math.floor(first)));
}

/** Put a new container into a slot: it takes traffic at `ms`, the old one drains. */
function scheduleReplacement(world, slot, ms) {
  world.agenda.at(ms - STARTUP_MS, () => {
    const fresh = startContainer(world, slot, 'v2', incident.NEW_REVISION, ms);
    world.agenda.at(ms, () => {
      const old = world.inService[slot];
      world.inService[slot] = fresh;
      old.stoppedMs = ms + DRAIN_MS;
      world.agenda.at(old.stoppedMs, () => {
        clock.set(old.stoppedMs);
        old.app.log.info('SIGTERM received, closing');
      });
    });
  });
}

/** Start the old fleet and put both waves of the rollout on the agenda. */
function startFleet(world) {
  for (let slot = 0; slot < incident.INSTANCES; slot += 1) {
    const ms = incident.FLEET_STARTED + slot * 47_000;
    const container = startContainer(world, slot, 'v1', incident.OLD_REVISION, ms);
    world.inService.push(container);
  }
  incident.FIRST_WAVE.forEach((ms, i) => scheduleReplacement(world, [6, 2, 9, 4][i], ms));
  const order = [6, 0, 3, 2, 7, 9, 1, 5, 4, 8];
  incident.SECOND_WAVE.forEach((ms, i) => scheduleReplacement(world, order[i], ms));
}

module.exports = { startFleet };
