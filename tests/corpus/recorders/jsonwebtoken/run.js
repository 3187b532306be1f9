'use strict';
// Runs the cases under one Node.js version and prints one JSON line per record.
// Usage: node run.js NODE_MAJOR KEYS_FILE
const fs = require('fs');
const path = require('path');
const { NOW } = require('./tokens');
const cases = require('./cases');
const { COATS, MESSAGE, NAMES } = require('./coats');

const [, , major, keysFile] = process.argv;
const keys = JSON.parse(fs.readFileSync(keysFile, 'utf8'));
const MAIN = '20';
Date.now = () => NOW * 1000; // every record is of the same moment
Error.stackTraceLimit = 7;

/** Stack paths as they are in a container: /app/node_modules/<package>/... */
function trimmed(text) {
  return text
    .split(__dirname + path.sep).join('/app/')
    .replace(/\/app\/(?:node_modules\/[\w.-]+\/)*node_modules\/(@?[\w.-]+?)(?:-\d[\d.]*\d)?\//g, '/app/node_modules/$1/');
}

function provoke(entry, lib) {
  return new Promise((resolve, reject) => {
    const done = (error, port) => error ? resolve({ error, port }) : reject(new Error(entry.id + ': was accepted'));
    try {
      if (entry.jwks) require('./jwks').verify(lib, entry.jwks, entry.header, keys, done).catch(reject);
      else entry.run(lib, keys, done);
    } catch (error) {
      resolve({ error });
    }
  });
}

/** What the record tells of the facts known to the recorder: only those its text shows. */
function shown(facts, text) {
  const captures = {};
  Object.keys(facts || {}).forEach((name) => {
    const values = [].concat(facts[name]);
    if (values.every((value) => text.includes(value))) captures[name] = values;
  });
  return captures;
}

function tells(text, error) {
  return text.includes(/[\w .]{6,}|$/.exec(error.message)[0]) && text !== 'undefined';
}

function fits(coat, entry) {
  if (major !== MAIN && !coat.old) return false;
  if (entry.stackOnly && !coat.stack) return false;
  if (entry.reason === null ? coat.verdict : coat.signing) return false;
  return !(entry.bareIsGeneric && (coat.bare || coat.name === 'console.error(text, err.message)'));
}

function chosen(entry, version, turn) {
  if (entry.named) return NAMES;
  const fitting = COATS.filter((coat) => fits(coat, entry));
  const newest = major === MAIN && version === entry.versions[entry.versions.length - 1];
  const picked = [fitting[turn % fitting.length]];
  if (newest && !entry.stackOnly && fits(MESSAGE, entry)) picked.push(MESSAGE);
  return picked;
}

/** The versions to run here: all, or on another Node.js the oldest and the newest it can run. */
function versionsOf(entry) {
  if (major === MAIN) return entry.versions;
  const able = entry.versions.filter((version) => entry.anyNode || major !== '8' || parseInt(version, 10) < 9);
  return Array.from(new Set([able[0], able[able.length - 1]]));
}

async function main() {
  console.error = () => {}; // express writes there too
  let turn = 0;
  for (const entry of cases) {
    if (!(entry.nodes || [MAIN]).includes(major)) continue;
    for (const version of versionsOf(entry)) {
      for (const coat of chosen(entry, version, turn++)) {
        // a fresh error for every coat: some writers change it
        const { error, port } = await provoke(entry, require('jsonwebtoken-' + version));
        let text = trimmed(String(await coat.write(error)));
        if (!entry.named && !tells(text, error)) continue; // JSON.stringify of a plain Error is {}
        if (port) text = text.split(String(port)).join('8443');
        const line = {
          text, reason: entry.reason, outcome: entry.reason === null ? 'none' : 'rejected', also: [],
          captures: shown(entry.facts, text), library: 'jsonwebtoken', version, origin: 'recorded',
          program: 'tests/corpus/recorders/jsonwebtoken/record.js',
        };
        if (process.env.DETAIL) Object.assign(line, { check: entry.id, coat: coat.name, node: process.version.slice(1) });
        process.stdout.write(JSON.stringify(line) + '\n');
      }
    }
  }
  process.exit(0);
}

main().catch((error) => { process.stderr.write(error.stack + '\n'); process.exit(1); });
