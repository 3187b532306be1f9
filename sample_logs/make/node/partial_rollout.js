'use strict';
// Plays the incident and writes what the containers printed, the Sentry envelopes and the truth.
// Usage: node partial_rollout.js OUTPUT_DIRECTORY

const clock = require('./clock'); // first: it replaces Date
const fs = require('node:fs');
const path = require('node:path');
const incident = require('./incident');
const { agenda } = require('./agenda');
const { draws } = require('./random');

const random = draws(20310506);
Math.random = random.uniform; // Sentry samples with it
globalThis.crypto.randomUUID = random.uuid;

const { openBooks } = require('./books');
const { scheduleProbe, scheduleSessions, scheduleStrays } = require('./clients');
const { startFleet } = require('./fleet');

function writeLogs(world, directory) {
  const rows = world.containers.flatMap((container) => container.lines.map((line) => ({
    stream: `ecs/auth/${container.taskId}`,
    timestamp: JSON.parse(line).time,
    message: line,
  })));
  rows.sort((a, b) => a.timestamp - b.timestamp);
  fs.writeFileSync(
    path.join(directory, 'lines.ndjson'),
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
}

function writeFleet(world, directory) {
  const tasks = world.containers.map(({ app, lines, ...task }) => task);
  const { totals, byReason, byInstance, byMinute, signatureMs } = world.books.summary();
  const { SECRETS, ...times } = incident;
  const simulation = { times, tasks, totals, byReason, byInstance, byMinute, signatureMs };
  fs.writeFileSync(path.join(directory, 'simulation.json'), JSON.stringify(simulation, null, 1));
}

async function main(directory) {
  fs.mkdirSync(directory, { recursive: true });
  const world = {
    random,
    agenda: agenda(),
    books: openBooks(),
    containers: [],
    inService: [],
    appRoot: __dirname,
    sentryPath: path.join(directory, 'auth.envelope'),
  };
  fs.rmSync(world.sentryPath, { force: true });
  startFleet(world);
  scheduleSessions(world);
  scheduleStrays(world);
  scheduleProbe(world);
  for (let entry = world.agenda.next(); entry && entry.ms < incident.END; entry = world.agenda.next()) {
    clock.set(entry.ms);
    await entry.action();
  }
  writeLogs(world, directory);
  writeFleet(world, directory);
}

main(process.argv[2]);
