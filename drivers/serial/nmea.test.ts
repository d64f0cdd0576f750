import test from "ava";
import fc from "fast-check";
import type { TalkPlace, TalkPoint } from "../../edge/core/talker.ts";
import { anySplit, bytesIn } from "../../test-rigs/sim/any-split.ts";
import type { Spoken } from "../heard.ts";
import { NmeaParser } from "./nmea.ts";

type SentencePlace = Extract<TalkPlace, { readonly kind: "sentence" }>;

function field(
  sentence: string,
  at: number,
  some: Partial<Pick<SentencePlace, "only" | "valid">> = {},
): TalkPoint {
  const text = { kind: "number", suffix: null } as const;
  const place = { kind: "sentence", sentence, field: at, only: null, valid: null, text } as const;
  return { id: `${sentence}.${at}`, place: { ...place, ...some }, scale: 1, offset: 0 };
}

/** `body` as a sentence. */
function sentence(body: string): string {
  const sum = [...bytesIn(body)].reduce((all, byte) => all ^ byte, 0);
  return `$${body}*${sum.toString(16).padStart(2, "0").toUpperCase()}\r\n`;
}

function hear(points: readonly TalkPoint[], ...chunks: readonly Uint8Array[]): readonly Spoken[] {
  const parser = new NmeaParser(points);
  parser.breakOff();
  return chunks.flatMap((chunk) => parser.take(chunk));
}

const SPEED = field("WIMWV", 3);
const WIND = "WIMWV,214.8,R,0.1,K,A";

function speed(value: number | null, quality: "good" | "bad:not-a-number" | "bad:malformed") {
  return { kind: "message", readings: [{ point: SPEED.id, value, quality }] } as const;
}

test("the check sum is the one that talkers send", (t) => {
  // As printed in the description of the sentences by gpsd (NMEA Revealed, "MWV").
  t.is(sentence(WIND), "$WIMWV,214.8,R,0.1,K,A*28\r\n");
});

test("fields count from 1, behind the sentence's name", (t) => {
  t.deepEqual(hear([field("WIMWV", 1), SPEED], bytesIn(sentence(WIND))), [
    {
      kind: "message",
      readings: [
        { point: "WIMWV.1", value: 214.8, quality: "good" },
        { point: "WIMWV.3", value: 0.1, quality: "good" },
      ],
    },
  ]);
});

test("a sentence is read the same however its bytes are split", (t) => {
  const whole = bytesIn(`${sentence(WIND)}${sentence("WIMDA,29.9,I,1.0,B")}`);
  fc.assert(
    fc.property(anySplit(whole), (chunks) => {
      t.deepEqual(hear([SPEED], ...chunks), [speed(0.1, "good"), { kind: "misfit" }]);
    }),
  );
});

test("three letters mean the sentence of any talker, five that of one", (t) => {
  const other = bytesIn(sentence("IIMWV,120,R,002.10,M,A"));
  t.like(hear([field("MWV", 3)], other)[0], { kind: "message" });
  t.deepEqual(hear([SPEED], other), [{ kind: "misfit" }]);
});

test("a damaged sentence is told of and never gives a value", (t) => {
  const good = bytesIn(sentence(WIND));
  const places = fc.integer({ min: 7, max: good.length - 3 });
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 255 }), (place, flip) => {
      const bad = good.map((byte, i) => (i === place ? byte ^ flip : byte));
      const heard = hear([SPEED], bad);
      // A changed digit of the check sum may be the same in lower case.
      const isSame = String.fromCharCode(...bad).toUpperCase() === String.fromCharCode(...good);
      if (!isSame) t.false(heard.some(({ kind }) => kind === "message"));
    }),
  );
  t.deepEqual(hear([SPEED], bytesIn("$WIMWV,214.8,R,0.2,K,A*28\r\n")), [
    { kind: "damaged", points: [SPEED.id] },
  ]);
});

test("a sentence without a check sum gives no value", (t) => {
  t.deepEqual(hear([SPEED], bytesIn("$WIMWV,214.8,R,0.1,K,A\r\n")), [
    { kind: "damaged", points: [SPEED.id] },
  ]);
});

test("a sentence behind one that broke off is read", (t) => {
  const parser = new NmeaParser([SPEED]);
  parser.breakOff();
  t.deepEqual(parser.take(bytesIn(`$WIMWV,2${sentence(WIND)}`)), [speed(0.1, "good")]);
  t.is(parser.discarded, 8);
});

test("an empty field is no value, and a field that is not there does not fit", (t) => {
  t.deepEqual(hear([SPEED], bytesIn(sentence("WIMWV,214.8,R,,K,V"))), [
    speed(null, "bad:not-a-number"),
  ]);
  t.deepEqual(hear([SPEED], bytesIn(sentence("WIMWV,214.8"))), [speed(null, "bad:malformed")]);
});

test("a value that the device says is not valid is bad", (t) => {
  const valid = field("WIMWV", 3, { valid: { field: 5, is: "A" } });
  t.deepEqual(hear([valid], bytesIn(sentence("WIMWV,214.8,R,0.1,K,V"))), [
    speed(null, "bad:not-a-number"),
  ]);
  t.deepEqual(hear([valid], bytesIn(sentence(WIND))), [speed(0.1, "good")]);
});

test("a sentence of another meaning says nothing about the point", (t) => {
  const relative = field("WIMWV", 3, { only: { field: 2, is: "R" } });
  t.deepEqual(hear([relative], bytesIn(sentence("WIMWV,214.8,T,0.1,K,A"))), [{ kind: "misfit" }]);
  t.deepEqual(hear([relative], bytesIn(sentence(WIND))), [speed(0.1, "good")]);
});

test("noise is never a value, and the sentence behind it is read", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (noise) => {
      const heard = hear([SPEED], ...noise, bytesIn(`\r\n${sentence(WIND)}`));
      t.deepEqual(
        heard.filter(({ kind }) => kind === "message"),
        [speed(0.1, "good")],
      );
    }),
  );
});
