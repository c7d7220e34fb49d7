// Reads what LZMA has packed: a quarter less than gzip makes of a module, and browsers read no better packing by themselves.

/** How many bits of the byte before choose the table for a byte: as `site.mjs` packs, which has the other two properties as 0. */
const LITERAL_CONTEXT = 3;
const STATES = 12;

/** Returns the `length` bytes that are packed in `packed`, which has no head. */
export function unpacked(packed, length) {
  const output = new Uint8Array(length);
  // Each number is the likelihood of a 0, in 2048ths.
  const even = (size) => new Uint16Array(size).fill(1024);
  let range = 0xffffffff;
  let code = 0;
  let read = 0;
  const shift = () => (code = ((code << 8) | packed[read++]) >>> 0);
  for (let index = 0; index < 5; index += 1) shift();

  function normalize() {
    if (range >= 0x1000000) return;
    range = (range << 8) >>> 0;
    shift();
  }

  function bit(table, index) {
    const bound = (range >>> 11) * table[index];
    const isOne = code >= bound;
    if (isOne) {
      range -= bound;
      code -= bound;
      table[index] -= table[index] >> 5;
    } else {
      range = bound;
      table[index] += (2048 - table[index]) >> 5;
    }
    normalize();
    return Number(isOne);
  }

  /** Reads a number whose highest bit comes first. */
  function number(table, bits, offset = 0) {
    let found = 1;
    for (let index = 0; index < bits; index += 1) found = (found << 1) | bit(table, offset + found);
    return found - (1 << bits);
  }

  /** Reads a number whose lowest bit comes first. */
  function reversed(table, bits, offset = 0) {
    let node = 1;
    let found = 0;
    for (let index = 0; index < bits; index += 1) {
      const next = bit(table, offset + node);
      node = (node << 1) | next;
      found |= next << index;
    }
    return found;
  }

  /** Reads a number of bits that are as likely 0 as 1. */
  function plain(bits) {
    let found = 0;
    for (let index = 0; index < bits; index += 1) {
      range >>>= 1;
      const isOne = code >= range;
      if (isOne) code -= range;
      normalize();
      found = (found << 1) | isOne;
    }
    return found;
  }

  function lengths() {
    const choice = even(2);
    const [low, middle, high] = [even(8), even(8), even(256)];
    return () => {
      if (!bit(choice, 0)) return 2 + number(low, 3);
      return bit(choice, 1) ? 18 + number(high, 8) : 10 + number(middle, 3);
    };
  }

  const [isMatch, isRepeat, isRepeatOfOther, isRepeatOfThird, isRepeatOfFourth, isLongRepeat] = Array.from({ length: 6 }, () => even(STATES));
  const literals = even(0x300 << LITERAL_CONTEXT);
  const slots = Array.from({ length: 4 }, () => even(64));
  const places = even(128);
  const aligned = even(16);
  const [lengthOfMatch, lengthOfRepeat] = [lengths(), lengths()];

  function distanceOf(size) {
    const slot = number(slots[Math.min(size - 2, 3)], 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const begin = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return begin + reversed(places, bits, begin - slot);
    return begin + plain(bits - 4) * 16 + reversed(aligned, 4);
  }

  let state = 0;
  let distances = [0, 0, 0, 0];
  let at = 0;

  function literal() {
    const table = 0x300 * ((output[at - 1] ?? 0) >> (8 - LITERAL_CONTEXT));
    let found = 1;
    if (state >= 7) {
      // What is not repeated here differs from what would have been.
      let other = output[at - distances[0] - 1];
      while (found < 0x100) {
        const expected = (other >> 7) & 1;
        other <<= 1;
        const next = bit(literals, table + ((1 + expected) << 8) + found);
        found = (found << 1) | next;
        if (next !== expected) break;
      }
    }
    while (found < 0x100) found = (found << 1) | bit(literals, table + found);
    output[at++] = found;
    state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
  }

  /** Reads which of the last distances counts again, puts it first, and returns how many bytes are repeated. */
  function repeat() {
    const wasLiteral = state < 7;
    let chosen = 0;
    if (bit(isRepeatOfOther, state)) {
      chosen = 1;
      if (bit(isRepeatOfThird, state)) chosen = 2 + bit(isRepeatOfFourth, state);
    } else if (!bit(isLongRepeat, state)) {
      state = wasLiteral ? 9 : 11;
      return 1;
    }
    distances = [distances[chosen], ...distances.filter((_, index) => index !== chosen)];
    const size = lengthOfRepeat();
    state = wasLiteral ? 8 : 11;
    return size;
  }

  while (at < length) {
    if (!bit(isMatch, state)) {
      literal();
      continue;
    }
    let size;
    if (bit(isRepeat, state)) size = repeat();
    else {
      size = lengthOfMatch();
      state = state < 7 ? 7 : 10;
      distances = [distanceOf(size), ...distances.slice(0, 3)];
    }
    const from = at - distances[0] - 1;
    if (from < 0) throw new Error('this is not what was packed');
    for (let index = 0; index < size && at < length; index += 1) output[at++] = output[from + index];
  }
  return output;
}
