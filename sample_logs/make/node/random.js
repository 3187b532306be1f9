'use strict';
// Seeded random numbers: the same bundle comes out of every run.

/** Return a generator of uniform numbers in [0, 1) (the public-domain sfc32 recurrence). */
function generator(seed) {
  let a = seed | 0, b = 0x9e3779b9, c = 0x243f6a88, d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 20; i += 1) next();
  return next;
}

/** Wrap a generator with the distributions the simulation draws from. */
function draws(seed) {
  const uniform = generator(seed);
  const hex = (digits) => {
    let text = '';
    while (text.length < digits) text += Math.floor(uniform() * 16).toString(16);
    return text;
  };
  return {
    uniform,
    hex,
    between: (low, high) => low + (high - low) * uniform(),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    pick: (items) => items[Math.floor(uniform() * items.length)],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}

module.exports = { draws };
