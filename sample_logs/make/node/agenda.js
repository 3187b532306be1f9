'use strict';
// What happens next: callbacks in order of virtual time.

/** Return an agenda: `at(ms, action)` and `next()`, which takes the earliest entry out. */
function agenda() {
  const entries = []; // latest first, so that the next one is popped from the end
  return {
    at(ms, action) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (entries[middle].ms > ms) low = middle + 1;
        else high = middle;
      }
      entries.splice(low, 0, { ms, action });
    },
    next: () => entries.pop(),
  };
}

module.exports = { agenda };
