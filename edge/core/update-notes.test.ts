import test from "ava";
import type { WallMs } from "./time.ts";
import {
  journalIn,
  orderText,
  trialIn,
  type UpdateOrder,
  updateOrderIn,
  verdictIn,
  verdictText,
} from "./update-notes.ts";

const AT = 1_795_000_000_000 as WallMs;

test("a trial is read as a shell writes it", (t) => {
  const text = "candidate=0.2.0\nprevious=0.1.0\ncounter=17\ntries=2\nlayer=application\n";
  const trial = { candidate: "0.2.0", previous: "0.1.0", counter: 17, tries: 2, command: null };
  t.deepEqual(trialIn(text), trial);
  t.deepEqual(trialIn("candidate=0.2.0\nprevious=0.1.0\ncounter=x"), {
    ...{ candidate: "0.2.0", previous: "0.1.0", counter: null, tries: 0, command: null },
  });
});

test("a trial that was not written to its end is none", (t) => {
  for (const text of [null, "", "candidate=0.2.0\n", "previous=0.1.0", "candidate=\nprevious=1"]) {
    t.is(trialIn(text), null);
  }
});

test("a verdict is one line that is read back as it was given", (t) => {
  const given = { release: "0.2.0", boot: "b1", verdict: "healthy", reason: "online", at: AT };
  const text = verdictText(given as Parameters<typeof verdictText>[0]);
  t.is(text.indexOf("\n"), text.length - 1);
  t.regex(text, /"verdict":"healthy"/);
  t.deepEqual(verdictIn(text), given as ReturnType<typeof verdictIn>);
  t.is(verdictIn(text.replace('"healthy"', '"well"')), null);
  t.is(verdictIn(text.slice(0, 30)), null);
});

test("an order is read back as it was given, and nothing else is taken for one", (t) => {
  const order: UpdateOrder = {
    ...{ v: 1, release: "amd64/stable/0.2.0", by: "dispatcher", notBefore: AT, until: null },
    command: { key: "dispatcher", nonce: "a-7" },
  };
  t.deepEqual(updateOrderIn(orderText(order)), order);
  const newest = { ...order, release: null, command: null };
  t.deepEqual(updateOrderIn(orderText(newest)), newest);
  for (const wrong of [
    { ...order, v: 2 },
    { ...order, release: 7 },
    { ...order, by: "" },
    { ...order, until: "soon" },
    { ...order, command: { key: "dispatcher" } },
    [],
  ]) {
    t.is(updateOrderIn(JSON.stringify(wrong)), null, JSON.stringify(wrong));
  }
  t.is(updateOrderIn(null), null);
});

test("a journal whose first line was cut, and that holds what is not known, tells the rest", (t) => {
  const line = { at: AT, boot: "b1", step: "committed", release: "0.2.0", from: "0.1.0" };
  const text = [
    ...['"0.1.0","step":"installed"}', JSON.stringify(line), "", "{}"],
    ...[JSON.stringify({ ...line, step: "flown" }), JSON.stringify({ ...line, reason: "x.y" })],
  ].join("\n");
  t.deepEqual(
    journalIn(text).map(({ step, from, reason }) => [step, from, reason]),
    [
      ["committed", "0.1.0", null],
      ["committed", "0.1.0", "x.y"],
    ],
  );
});
