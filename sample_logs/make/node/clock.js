'use strict';
// Virtual time. Loaded before anything else, so that every library reads this clock.

const RealDate = Date;
let nowMs = 0;

class VirtualDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(nowMs);
    else super(...args);
  }

  static now() {
    return nowMs;
  }
}

globalThis.Date = VirtualDate;
performance.now = () => nowMs;

/** Put the clock at a moment, in whole milliseconds since the epoch. */
function set(ms) {
  nowMs = Math.floor(ms);
}

/** Let time pass. */
function advance(ms) {
  nowMs += Math.floor(ms);
}

module.exports = { set, advance, now: () => nowMs };
