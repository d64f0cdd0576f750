import test from "ava";
import { loadProfile } from "../../config/profile.ts";
import { draftOf, isEmpty } from "./draft.ts";
import { type Place, placesOf } from "./hypotheses.ts";
import { numberBy } from "./interpretation.ts";

const ROUNDS = 60;

/** The words of a float, as they travel in order ABCD. */
function floatWords(value: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}

/** What is made of registers from 0 on that hold what `words` say of each round. */
function placesBy(words: (round: number) => readonly number[]): readonly Place[] {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => new Map(words(round).entries()));
  return placesOf({ area: "holding", rounds });
}

const firsts = (places: readonly Place[]) =>
  places.map(({ address, hypotheses: [first] }) => `${address} ${first?.type} ${first?.order}`);

test("a float that moves is told from two whole numbers, in the order that makes it smooth", (t) => {
  const smooth = (round: number) => 21.4 + Math.sin(round / 9) + ((round * 7919) % 97) / 3000;
  t.deepEqual(firsts(placesBy((round) => floatWords(smooth(round)))), ["0 float32 ABCD"]);
  const turned = placesBy((round) => floatWords(smooth(round)).toReversed());
  t.deepEqual(firsts(turned), ["0 float32 CDAB"]);
  t.true((turned[0]?.hypotheses[0]?.sure ?? 0) > 0.99);
});

test("two quantities side by side stay two, and a state beside one is its own", (t) => {
  const places = placesBy((round) => [3, 412 + (round % 5), 235 + ((round * 3) % 4)]);
  t.deepEqual(firsts(places), ["0 uint16 ABCD", "1 uint16 ABCD", "2 uint16 ABCD"]);
  t.deepEqual(places[0]?.hypotheses[0]?.meaning, { kind: "code" });
});

test("a count that goes over the end of a word is known by its carry", (t) => {
  const count = (round: number) => 2 * 65_536 - 300 + round * 11;
  const places = placesBy((round) => [count(round) >> 16, count(round) & 0xffff]);
  t.deepEqual(firsts(places), ["0 uint32 ABCD"]);
  t.deepEqual(places[0]?.hypotheses[0]?.meaning, { kind: "counter" });
});

test("a text is read as one", (t) => {
  const text = "PUMP-7 REV.2";
  const words = Array.from({ length: text.length / 2 }, (_, i) => {
    return (text.charCodeAt(2 * i) << 8) | text.charCodeAt(2 * i + 1);
  });
  const [place] = placesBy(() => words);
  t.like(place?.hypotheses[0], { type: "string", text, width: 6 });
});

test("what a number is like says what it may be, and by what it is scaled", (t) => {
  const mains = placesBy((round) => [4998 + (round % 5)])[0]?.hypotheses[0];
  t.like(mains?.meaning, { quantity: "mains-frequency", unit: "Hz", scale: 0.01 });
  const loop = placesBy((round) => floatWords(11.7 + Math.sin(round / 9) / 5))[0]?.hypotheses[0];
  t.like(loop?.meaning, { kind: "quantity", quantity: "loop", unit: "mA", scale: 1 });
});

test("registers that are apart are never taken for one number, and none make no places", (t) => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const [high = 0, low = 0] = floatWords(21.4 + Math.sin(round));
    return new Map([
      [0, high],
      [5, low],
    ]);
  });
  t.is(placesOf({ area: "input", rounds }).length, 2);
  t.deepEqual(placesOf({ area: "input", rounds: [] }), []);
});

test("a draft of what was found is a profile that is taken", (t) => {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const [high = 0, low = 0] = floatWords(21.4 + Math.sin(round / 9));
    return new Map([
      [0, high],
      [1, low],
      [10, 4998 + (round % 5)],
      [20, 0],
    ]);
  });
  const places = placesOf({ area: "holding", rounds });
  t.is(places.filter(({ hypotheses: [first] }) => first !== undefined && isEmpty(first)).length, 1);
  const { profile, problems } = loadProfile(
    draftOf(places, { name: "line-a/3", unit: 3, day: "2026-11-28" }),
  );
  t.deepEqual(problems, []);
  t.like(profile?.points.holding0, { type: "float32", address: 0 });
  t.like(profile?.points.holding10, { scale: 0.01, unit: "Hz" });
  t.is(profile?.points.holding20, undefined);
});

test("digits of BCD are a number, and what has others is none", (t) => {
  const bcd = { type: "bcd32", order: "CDAB" } as const;
  t.is(numberBy([0x5678, 0x1234], bcd)?.value, 12_345_678);
  t.is(numberBy([0x5a78, 0x1234], bcd), null);
  t.is(numberBy([0x7fc0, 0], { type: "float32", order: "ABCD" }), null);
});
