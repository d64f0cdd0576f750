import test from "ava";
import fc from "fast-check";
import { anySplit, bytesIn } from "../../test-rigs/sim/any-split.ts";
import { type FrameRules, FrameSearch } from "./frame-search.ts";

/** `<3abc!`: a digit tells the length, and what follows is sound where it ends so. */
const RULES: FrameRules = {
  lengthAt(bytes, at) {
    if (bytes[at] !== 0x3c) return null;
    const digit = bytes[at + 1];
    if (digit === undefined) return "short";
    return digit >= 0x30 && digit <= 0x39 ? digit - 0x30 + 3 : null;
  },
  isSound: (frame) => frame.at(-1) === 0x21,
  fillers: [0x20],
};

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

function search(chunks: readonly Uint8Array[]) {
  const framer = new FrameSearch(RULES);
  const found = chunks.flatMap((chunk) => framer.take(chunk));
  return {
    found: found.map(({ kind, bytes }) => `${kind} ${text(bytes)}`),
    discarded: framer.discarded,
    waiting: framer.waiting,
  };
}

test("frames are found one behind the other and in what is none", (t) => {
  t.deepEqual(search([bytesIn("xx<3abc! <1a!y")]), {
    found: ["frame <3abc!", "frame <1a!"],
    discarded: 3,
    waiting: 0,
  });
});

test("a header in noise hides no frame behind it, and holds none back", (t) => {
  const { found } = search([bytesIn("<9a<1b!")]);
  t.deepEqual(found, ["frame <1b!"]);
});

test("what has a header and is no frame is told once", (t) => {
  const { found } = search([bytesIn("<3<3<3xxxxx")]);
  t.deepEqual(found, ["damaged <3<3<3"]);
});

test("what is found does not depend on the split", (t) => {
  const bytes = fc.stringMatching(/^[<0-3a! ]{0,60}$/).map(bytesIn);
  const cut = bytes.chain((all) => fc.tuple(fc.constant(all), anySplit(all)));
  fc.assert(
    fc.property(cut, ([all, chunks]) => {
      t.deepEqual(search(chunks), search([all]));
    }),
  );
});

test("less than one frame is kept, whatever comes", (t) => {
  const framer = new FrameSearch(RULES);
  for (let round = 0; round < 1000; round++) {
    framer.take(bytesIn("<9<9"));
    t.true(framer.waiting < 12);
  }
});
