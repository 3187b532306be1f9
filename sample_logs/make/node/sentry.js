'use strict';
// One real Sentry client per container, with a transport that keeps the envelopes.

const fs = require('node:fs');
const Sentry = require('@sentry/node');
const { createTransport } = require('@sentry/core');

// Left out: what reads source files, the machine's hardware, or patches the process.
const INTEGRATIONS = [
  Sentry.inboundFiltersIntegration(),
  Sentry.functionToStringIntegration(),
  Sentry.linkedErrorsIntegration(),
  Sentry.nodeContextIntegration({
    app: false, cloudResource: false, culture: false, device: false, os: false,
  }),
];

function fileTransport(path, appRoot) {
  return (options) => createTransport(options, async (request) => {
    const body = typeof request.body === 'string'
      ? request.body
      : Buffer.from(request.body).toString('utf8');
    fs.appendFileSync(path, `${body.replaceAll(appRoot, '/app').replace(/\n*$/, '')}\n\n`);
    return { statusCode: 200 };
  });
}

/** Return a scope-like object for one container: captureException and withScope. */
function sentryFor({ hostname, release, path, appRoot }) {
  const client = new Sentry.NodeClient({
    dsn: 'https://0123456789abcdef0123456789abcdef@sentry.example.com/42',
    environment: 'production',
    release,
    serverName: hostname,
    sampleRate: 0.1,
    integrations: INTEGRATIONS,
    stackParser: Sentry.defaultStackParser,
    transport: fileTransport(path, appRoot),
    runtime: { name: 'node', version: process.version },
  });
  client.init();
  return {
    withScope(callback) {
      this.scope = new Sentry.Scope();
      this.scope.setClient(client);
      callback(this.scope);
    },
    captureException(err) {
      this.scope.captureException(err);
    },
  };
}

module.exports = { sentryFor };
