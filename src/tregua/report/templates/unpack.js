/* The packed parts of the page, opened: 91 printable marks to bytes, bytes to text. A part says how it is packed, how
   many bytes it holds, and then holds them: "lzma 2092984 …"; see `tregua.report.pack`. */
(function () {
  "use strict";
  var MARKS = [];
  for (var mark = 33, digit = 0; mark < 127; mark++) {
    if (mark !== 38 && mark !== 60 && mark !== 62) { MARKS[mark] = digit++; }
  }

  /* Two marks hold 13 bits, or 14 where those are few enough. */
  function bytesOf(text) {
    var bytes = new Uint8Array(Math.ceil(text.length * 7 / 8));
    var size = 0;
    var held = 0;
    var bits = 0;
    var first = -1;
    for (var at = 0; at < text.length; at++) {
      var digit = MARKS[text.charCodeAt(at)];
      if (first < 0) { first = digit; continue; }
      var value = first + 91 * digit;
      held |= value << bits;
      bits += (value & 8191) > 88 ? 13 : 14;
      for (; bits > 7; bits -= 8) { bytes[size++] = held & 255; held >>>= 8; }
      first = -1;
    }
    if (first >= 0) { bytes[size++] = (held | first << bits) & 255; }
    return bytes.subarray(0, size);
  }

  function odds(count) { return new Uint16Array(count).fill(1024); }

  /* LZMA without a header, three bits of literal context and none of place; ends when `size` bytes are there. */
  function opened(data, size) {
    var out = new Uint8Array(size);
    var at = 0;
    /* Range, code and place in the data, in words of 32 bits: so an engine need not make a number of each. */
    var coder = new Uint32Array([0xFFFFFFFF, data[1] << 24 | data[2] << 16 | data[3] << 8 | data[4], 5]);
    function shift() {
      if (coder[0] < 0x1000000) { coder[0] <<= 8; coder[1] = coder[1] << 8 | data[coder[2]++]; }
    }
    function bit(of, n) {
      var chance = of[n];
      var range = coder[0];
      var code = coder[1];
      var bound = (range >>> 11) * chance;
      var one = 0;
      if (code < bound) { range = bound; of[n] = chance + (2048 - chance >> 5); }
      else { range -= bound; code -= bound; coder[1] = code; of[n] = chance - (chance >> 5); one = 1; }
      if (range < 0x1000000) { range *= 256; coder[1] = code << 8 | data[coder[2]++]; }
      coder[0] = range;
      return one;
    }
    function tree(of, from, bits) {
      var node = 1;
      for (var n = 0; n < bits; n++) { node = node << 1 | bit(of, from + node); }
      return node - (1 << bits);
    }
    function backwards(of, from, bits) {
      var node = 1;
      var value = 0;
      for (var n = 0; n < bits; n++) { var one = bit(of, from + node); node = node << 1 | one; value |= one << n; }
      return value;
    }
    function lengths() { return { choice: odds(2), low: odds(8), middle: odds(8), high: odds(256) }; }
    function length(of) {
      if (!bit(of.choice, 0)) { return 2 + tree(of.low, 0, 3); }
      return bit(of.choice, 1) ? 18 + tree(of.high, 0, 8) : 10 + tree(of.middle, 0, 3);
    }
    var slots = odds(256);
    var near = odds(128);
    var aligned = odds(16);
    function distance(copied) {
      var slot = tree(slots, 64 * Math.min(copied - 2, 3), 6);
      if (slot < 4) { return slot; }
      var more = (slot >> 1) - 1;
      var far = (2 | slot & 1) << more;
      if (slot < 14) { return far + backwards(near, far - slot, more); }
      var straight = 0;
      for (var n = 4; n < more; n++) {
        coder[0] >>>= 1;
        var one = coder[1] < coder[0] ? 0 : 1;
        if (one) { coder[1] -= coder[0]; }
        straight = straight << 1 | one;
        shift();
      }
      return far + (straight << 4) + backwards(aligned, 0, 4);
    }
    var literals = odds(8 * 0x300);
    var isMatch = odds(12);
    var isAgain = odds(12);
    var notFirst = odds(12);
    var notSecond = odds(12);
    var notThird = odds(12);
    var isLong = odds(12);
    var fresh = lengths();
    var again = lengths();
    var back = [0, 0, 0, 0];
    var state = 0;
    while (at < size) {
      var copied = 1;
      if (!bit(isMatch, state)) {
        var from = 0x300 * (at ? out[at - 1] >> 5 : 0);
        var node = 1;
        if (state > 6) {
          var there = out[at - back[0] - 1];
          while (node < 256) {
            var wanted = there >> 7 & 1;
            there <<= 1;
            var got = bit(literals, from + (1 + wanted << 8) + node);
            node = node << 1 | got;
            if (got !== wanted) { break; }
          }
        }
        while (node < 256) { node = node << 1 | bit(literals, from + node); }
        out[at++] = node & 255;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      if (!bit(isAgain, state)) {
        copied = length(fresh);
        back = [distance(copied), back[0], back[1], back[2]];
        state = state < 7 ? 7 : 10;
      } else {
        var which = bit(notFirst, state) ? bit(notSecond, state) ? 2 + bit(notThird, state) : 1 : 0;
        if (which === 0 && !bit(isLong, state)) {
          state = state < 7 ? 9 : 11;
        } else {
          back.unshift(back.splice(which, 1)[0]);
          copied = length(again);
          state = state < 7 ? 8 : 11;
        }
      }
      for (; copied; copied--, at++) { out[at] = out[at - back[0] - 1]; }
    }
    return out;
  }

  function deflated(data) {
    return new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  }

  /* The text that a part of the page holds. */
  window.treguaUnpack = function (id) {
    var told = document.getElementById(id).textContent.trim().split(" ");
    var data = bytesOf(told[2]);
    return told[0] === "lzma" ? Promise.resolve(new TextDecoder().decode(opened(data, +told[1]))) : deflated(data);
  };
})();
