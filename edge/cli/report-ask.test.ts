import test from "ava";
import { type Answers, NO_ANSWERS } from "./report-answers.ts";
import { type AskParts, askAnswers } from "./report-ask.ts";

/** A person who types `lines`, one after the other, and leaves (Ctrl-C) behind the last. */
function person(lines: readonly string[], more: Partial<AskParts> = {}) {
  const left = [...lines];
  const [asked, shown, kept]: [string[], string[], Answers[]] = [[], [], []];
  const parts: AskParts = {
    dialog: {
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(left.shift() ?? null);
      },
      close: () => {},
    },
    lang: "en",
    user: "zhang",
    points: [
      { point: "gas-1.gas", unit: "%" },
      { point: "level-1.level", unit: "m" },
    ],
    liveOf: () => Promise.resolve({ value: 24, quality: "good", at: 1 }),
    wrongPhotos: (photos) => (photos.includes("gone.jpg") ? "gone.jpg cannot be read" : null),
    keep: (answers) => kept.push(answers),
    show: (line) => shown.push(line),
    ...more,
  };
  return { parts, asked, shown, kept, left };
}

test("whoever only presses Enter gets a record with the user's name and nothing else", async (t) => {
  const { parts, left } = person(["", "", "", "", "", ""]);
  const answers = await askAnswers(NO_ANSWERS, parts);
  t.like(answers, { installer: "zhang", owner: "", photos: [], remarks: "" });
  t.deepEqual(
    [...(answers?.references.values() ?? [])].map(({ typed }) => typed),
    [null, null],
  );
  t.deepEqual(left, []);
});

test("a reference is compared at once with what is read at that moment, and that is kept", async (t) => {
  const { parts, shown, asked } = person(["Li", "Wang", "25±2", ".", "a.jpg， b.jpg", "done"]);
  const answers = await askAnswers(NO_ANSWERS, parts);
  t.deepEqual(answers?.references.get("gas-1.gas"), {
    typed: { value: 25, tolerance: "2" },
    live: { value: 24, quality: "good", at: 1 },
  });
  t.true(shown.some((line) => /read 24, difference -1, allowed ±2: pass/.test(line)));
  t.true(asked.some((line) => line.includes("gas-1.gas is 24 %")));
  t.deepEqual(answers?.photos, ["a.jpg", "b.jpg"]);
  t.is(answers?.remarks, "done");
});

test("what is no answer is asked for again, with what would be one", async (t) => {
  const { parts, shown, left } = person(["", "", "much", "0", "0±1", ".", "gone.jpg", "", ""]);
  const answers = await askAnswers(NO_ANSWERS, parts);
  t.deepEqual(answers?.references.get("gas-1.gas")?.typed, { value: 0, tolerance: "1" });
  t.true(shown.some((line) => /a reference is a value as in 25/.test(line)));
  t.true(shown.some((line) => /say the tolerance as a number/.test(line)));
  t.true(shown.includes("gone.jpg cannot be read"));
  t.deepEqual(left, []);
});

test("whoever leaves has every answer kept, and is asked only for the rest then", async (t) => {
  const first = person(["Li", "", "25"]);
  t.is(await askAnswers(NO_ANSWERS, first.parts), null);
  const kept = first.kept.at(-1);
  if (kept === undefined) return t.fail();
  const second = person(["1.5", "", "fine"]);
  const answers = await askAnswers(kept, second.parts);
  t.is(answers?.installer, "Li");
  t.deepEqual([...(answers?.references.keys() ?? [])], ["gas-1.gas", "level-1.level"]);
  t.is(second.asked.length, 3);
  t.is(answers?.remarks, "fine");
});
