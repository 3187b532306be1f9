'use strict';
// Provokes every error of jsonwebtoken under several Node.js versions; prints the corpus.
// See README.md. Usage: node record.js > ../../jsonwebtoken.jsonl
// With DETAIL=1 in the environment each line also names its check, coat and Node.js version.
const { execFileSync } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');

const pem = (key, type) => key.export({ type, format: 'pem' });

/** Fresh keys for this run; nothing of them reaches the output. */
function makeKeys() {
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const small = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pss = (saltLength) => crypto.generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength });
  return {
    rsa: pem(rsa.publicKey, 'spki'),
    smallPrivate: pem(small.privateKey, 'pkcs8'),
    ec: pem(ec.publicKey, 'spki'),
    ecPrivate: pem(ec.privateKey, 'pkcs8'),
    ec521: pem(crypto.generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey, 'spki'),
    ed25519: pem(crypto.generateKeyPairSync('ed25519').publicKey, 'spki'),
    pss: pem(pss(32).publicKey, 'spki'),
    pssSalt: pem(pss(64).publicKey, 'spki'),
  };
}

function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'record-'));
  const keysFile = path.join(folder, 'keys.json');
  fs.writeFileSync(keysFile, JSON.stringify(makeKeys()), { mode: 0o600 });
  const seen = new Set();
  for (const major of ['20', '8', '12', '16', '24']) {
    const program = major === '20' ? process.execPath : path.join(__dirname, 'node_modules', 'node-' + major, 'bin', 'node');
    const output = execFileSync(program, [path.join(__dirname, 'run.js'), major, keysFile], { encoding: 'utf8', maxBuffer: 1 << 26 });
    for (const line of output.split('\n').filter(Boolean)) {
      const { text } = JSON.parse(line);
      if (!seen.has(text)) process.stdout.write(line + '\n');
      seen.add(text);
    }
  }
  fs.rmSync(folder, { recursive: true });
}

main();
