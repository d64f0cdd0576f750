import test from "ava";
import fc from "fast-check";
import type { BinaryProtocol, FrameType, TalkPoint } from "../../edge/core/talker.ts";
import { anySplit } from "../../test-rigs/sim/any-split.ts";
import type { Spoken } from "../heard.ts";
import { BinaryParser } from "./binary.ts";

/** A dust sensor's frame: 42 4D, length, 13 words, the sum of all bytes before it. */
const DUST: BinaryProtocol = {
  kind: "binary",
  header: [0x42, 0x4d],
  length: 32,
  tail: [],
  checksum: { kind: "sum16", from: 0 },
};

function at(byte: number, type: FrameType = "uint16", order: "ABCD" | "BADC" = "ABCD"): TalkPoint {
  return { id: `at${byte}`, place: { kind: "frame", byte, type, order }, scale: 1, offset: 0 };
}

const PM25 = at(12);

function dust(...words: readonly number[]): Uint8Array {
  const frame = new Uint8Array(32);
  const view = new DataView(frame.buffer);
  frame.set([0x42, 0x4d, 0, 28]);
  for (const [i, word] of words.entries()) view.setUint16(4 + 2 * i, word);
  view.setUint16(
    30,
    frame.subarray(0, 30).reduce((sum, byte) => sum + byte, 0),
  );
  return frame;
}

function pm25(value: number): Spoken {
  return { kind: "message", readings: [{ point: PM25.id, value, quality: "good" }] };
}

/** What a parser that hears from a beginning on makes of `chunks`. */
function hear(protocol: BinaryProtocol, points: readonly TalkPoint[], ...chunks: Uint8Array[]) {
  const parser = new BinaryParser(protocol, points);
  parser.breakOff();
  const heard = chunks.flatMap((chunk) => parser.take(chunk));
  return { heard, discarded: parser.discarded };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

test("a field is read at its byte", (t) => {
  t.deepEqual(hear(DUST, [PM25], dust(1, 2, 3, 4, 35)).heard, [pm25(35)]);
});

test("frames are read the same however their bytes are split", (t) => {
  const whole = joined(dust(0, 0, 0, 0, 35), dust(0, 0, 0, 0, 36));
  fc.assert(
    fc.property(anySplit(whole), (chunks) => {
      t.deepEqual(hear(DUST, [PM25], ...chunks), { heard: [pm25(35), pm25(36)], discarded: 0 });
    }),
  );
});

test("types and orders are those of Modbus, and single bytes too", (t) => {
  const frame: BinaryProtocol = { ...DUST, length: 10, header: [0xaa], checksum: null };
  const bytes = Uint8Array.of(0xaa, 0xfe, 0x12, 0x34, 0x42, 0xf6, 0xe9, 0x79, 0, 0);
  const valueAt = (point: TalkPoint) => {
    const [heard] = hear(frame, [point], bytes).heard;
    return heard?.kind === "message" ? heard.readings[0]?.value : null;
  };
  t.is(valueAt(at(1, "int8")), -2);
  t.is(valueAt(at(1, "uint8")), 254);
  t.is(valueAt(at(2)), 0x1234);
  t.is(valueAt(at(2, "uint16", "BADC")), 0x3412);
  t.is(valueAt(at(4, "float32")), 123.456);
  t.is(valueAt({ ...at(1, "uint8"), scale: 0.1, offset: -1 }), 24.4);
});

test("what stands before a frame is thrown away and counted", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
      const { heard, discarded } = hear(DUST, [PM25], noise, dust(0, 0, 0, 0, 35));
      t.deepEqual(
        heard.filter(({ kind }) => kind === "message"),
        [pm25(35)],
      );
      t.is(discarded, noise.length);
    }),
  );
});

test("a damaged frame never gives a value and is told of once", (t) => {
  const good = dust(0, 0, 0, 0, 35);
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 31 }),
      fc.integer({ min: 1, max: 255 }),
      (place, flip) => {
        const bad = good.map((byte, i) => (i === place ? byte ^ flip : byte));
        const { heard } = hear(DUST, [PM25], good, bad, good);
        t.deepEqual(heard, [pm25(35), { kind: "damaged", points: [PM25.id] }, pm25(35)]);
      },
    ),
  );
});

test("a frame that lost a byte costs itself, not the next one", (t) => {
  const good = dust(0, 0, 0, 0, 35);
  const { heard } = hear(DUST, [PM25], good, good.subarray(0, 20), good.subarray(21), good, good);
  const values = heard.filter(({ kind }) => kind === "message");
  t.is(values.length, 3);
});

test("a header among the data is not taken for a damaged frame while the beginning is unknown", (t) => {
  const frame = dust(0, 0x424d, 0, 0, 35);
  const parser = new BinaryParser(DUST, [PM25]);
  t.deepEqual(parser.take(joined(frame.subarray(5), frame)), [pm25(35)]);
});

/** Frames of 4 bytes without a check sum, AA and a word that may hold AA as well. */
const BARE: BinaryProtocol = { ...DUST, header: [0xaa], length: 4, checksum: null };
const WORD = at(1);

function bare(word: number): Uint8Array {
  return Uint8Array.of(0xaa, word >>> 8, word & 0xff, 0x02);
}

/** The values of `chunks`, between which the line is silent; heard from the middle on. */
function valuesOf(...chunks: readonly Uint8Array[]): readonly unknown[] {
  const parser = new BinaryParser(BARE, [WORD]);
  return chunks.flatMap((chunk) => {
    const heard = parser.take(chunk);
    parser.breakOff();
    return heard.map((each) => (each.kind === "message" ? each.readings[0]?.value : each.kind));
  });
}

test("without a check sum a header among the data is never taken for a frame's", (t) => {
  const frame = bare(0x01aa);
  t.deepEqual(valuesOf(joined(frame.subarray(2), frame, frame, frame, frame)), []);
  // After a silence in which nothing was left unfinished the place is known.
  t.deepEqual(valuesOf(frame.subarray(2), frame, frame), [0x01aa]);
  t.deepEqual(valuesOf(frame, joined(frame, frame, frame)), [0x01aa, 0x01aa]);
});

test("without a check sum the rest of a frame that was handed over late is no frame", (t) => {
  const frame = bare(0x01aa);
  t.deepEqual(valuesOf(frame, frame.subarray(0, 2), joined(frame.subarray(2), frame)), []);
});

test("without a check sum a frame counts with the next header behind it, and so on", (t) => {
  const chunks = [bare(1).subarray(1), bare(2), bare(3), bare(0x01aa), bare(5)];
  t.deepEqual(valuesOf(joined(...chunks)), [2, 3, 0x01aa]);
});

test("without a check sum a frame that lost a byte gives no value", (t) => {
  const frames = [bare(1), bare(2), bare(3).subarray(0, 3), bare(4), bare(5), bare(6)];
  t.deepEqual(
    valuesOf(bare(0), joined(...frames)).filter((value) => typeof value === "number"),
    [1, 2, 4, 5],
  );
});

test("a frame ends with its tail, and the check sum stands before it", (t) => {
  const tailed: BinaryProtocol = {
    kind: "binary",
    header: [0xfd],
    length: 5,
    tail: [0x04],
    checksum: { kind: "xor8", from: 1 },
  };
  const sound = Uint8Array.of(0xfd, 0x11, 0x22, 0x33, 0x04);
  t.is(hear(tailed, [at(1, "uint8")], sound).heard[0]?.kind, "message");
  const other = sound.with(4, 0x05);
  t.is(hear(tailed, [at(1, "uint8")], other).heard[0]?.kind, "damaged");
});

test("without a check sum no frame is believed where bytes may be missing", (t) => {
  const parser = new BinaryParser(BARE, [WORD]);
  parser.breakOff();
  t.is(parser.take(bare(1)).length, 1);
  parser.take(bare(2).subarray(0, 2));
  parser.loseTrack();
  t.deepEqual(parser.take(bare(0x01aa).subarray(2)), []);
  t.is(parser.discarded, 2);
});

test("what is unfinished at a silence is never joined to what comes after it", (t) => {
  const frame = dust(0, 0, 0, 0, 35);
  const parser = new BinaryParser(DUST, [PM25]);
  parser.take(frame.subarray(0, 10));
  parser.breakOff();
  t.deepEqual(parser.take(frame.subarray(10)), []);
  t.deepEqual(parser.take(frame), [pm25(35)]);
});
