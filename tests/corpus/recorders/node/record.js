'use strict';
// Provokes the token errors of one library and prints its corpus lines. See README.md.
// Usage: node record.js LIBRARY
const path = require('path');
require('./tokens'); // sets the clock, before any library is loaded
const { COATS, MESSAGE, FIELDS, CODE } = require('./coats');

Error.stackTraceLimit = 5;
const library = process.argv[2];
const program = `tests/corpus/recorders/node/${library}.js`;
// Installed under a name without its scope, beside other versions.
const SCOPED = { 'auth-core': '@auth/core', 'hapi-jwt': '@hapi/jwt', 'fastify-jwt': '@fastify/jwt' };
const seen = new Set();
let turn = 0;

/** Stack paths as they are in a container: /app/node_modules/<package>/..., ports made fixed, tokens replaced. */
function trimmed(text, entry) {
  const port = entry.port ? text.split(String(entry.port)).join('8443') : text;
  return port.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, 'eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2ln').replace(/localPort: \d+/, 'localPort: 50123')
    .replace(/node_modules\/(auth-core|hapi-jwt|fastify-jwt(?=-(?:6|8|10)))-[\d.]+/g, (_, name) => `node_modules/${SCOPED[name]}`)
    .split(`file://${__dirname}${path.sep}`).join('file:///app/')
    .split(__dirname + path.sep).join('/app/')
    .replace(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+?)-\d[\d.]*(?=\/)/g, 'node_modules/$1');
}

/** What the record tells of the facts known to the recorder: only those its text shows. */
function shown(facts, text) {
  const captures = {};
  for (const [name, value] of Object.entries(facts || {})) {
    const values = [].concat(value);
    if (values.every((one) => text.includes(one))) captures[name] = values;
  }
  return captures;
}

function print(text, entry) {
  if (seen.has(text)) return;
  seen.add(text);
  process.stdout.write(`${JSON.stringify({
    text, reason: entry.reason, outcome: entry.reason === null ? 'none' : 'rejected', also: entry.also || [],
    captures: shown(entry.facts, text), library: entry.library || library, version: entry.version, origin: 'recorded', program,
  })}\n`);
}

function coatsOf(entry) {
  const fitting = COATS.filter((coat) => !(entry.bareIsGeneric && coat.bare) && !(entry.stackOnly && !coat.stack)
    && !(entry.stackless && coat.stack));
  const picked = [fitting[turn++ % fitting.length]];
  if (entry.newest && !entry.bareIsGeneric && !entry.stackOnly && !entry.library) picked.push(MESSAGE);
  if (entry.newest && entry.fields) picked.push(FIELDS);
  if (entry.newest && entry.code) picked.push(CODE);
  return picked;
}

/** An entry holds either the texts a framework printed, or the error a program would log;
 *  `library` where the words are those of another library. */
function write(entry) {
  if (entry.accepted) throw new Error(`${entry.id} ${entry.version}: was accepted`);
  if (entry.texts) entry.texts.forEach((text) => print(trimmed(text, entry), entry));
  else coatsOf(entry).forEach((coat) => print(trimmed(String(coat.write(entry.error)), entry), entry));
}

async function main() {
  for await (const entry of require(`./${library}`).entries()) write(entry);
  process.exit(0);
}

main().catch((error) => { process.stderr.write(`${error.stack}\n`); process.exit(1); });
