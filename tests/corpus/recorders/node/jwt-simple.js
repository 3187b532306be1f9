'use strict';
// One entry per check of jwt-simple. Its words are those of many programs: only the stack tells it.
const { NOW, SECRET, OTHER_SECRET, LATER, part, sign } = require('./tokens');

const VERSIONS = ['0.2.0', '0.5.6'];
const NEWEST = '0.5.6';
const decode = (token, key = SECRET, algorithm = undefined) => (lib) => lib.decode(token, key, false, algorithm);

const cases = [
  { id: 'expired', reason: 'token_expired', versions: [NEWEST], common: true, run: decode(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'nbf', reason: 'token_not_yet_valid', versions: [NEWEST], run: decode(sign({ ...LATER, nbf: NOW + 90 })) },
  { id: 'signature', reason: 'signature_invalid', common: true, run: decode(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'algorithm', reason: 'algorithm_mismatch', common: true, run: decode(sign(LATER, { alg: 'XS256' })) },
  { id: 'segments', reason: 'token_malformed', run: decode('nonsense') },
  { id: 'header', reason: 'token_malformed', common: true, run: decode(`${part('nonsense')}.${part(LATER)}.x`) },
  { id: 'absent', reason: 'header_missing', versions: [NEWEST], run: decode('') },
];

async function* entries() {
  for (const entry of cases) {
    for (const version of entry.versions || VERSIONS) {
      for (let i = 0; i < 4; i++) {
        let made = { accepted: true };
        try { entry.run(require(`jwt-simple-${version}`)); } catch (error) { made = { error }; }
        yield { ...entry, ...made, version, newest: version === NEWEST, stackOnly: entry.common };
      }
    }
  }
}

module.exports = { entries };
