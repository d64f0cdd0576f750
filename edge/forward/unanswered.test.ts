import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { Unanswered } from "./unanswered.ts";

const at = (ms: number) => ms as UptimeMs;

test("nothing unanswered is nothing to give up for", (t) => {
  const unanswered = new Unanswered();
  t.is(unanswered.giveUpAt, null);
  unanswered.sent(at(0))(at(10));
  t.is(unanswered.giveUpAt, null);
});

test("two minutes without any answer are enough, counted from the last one", (t) => {
  const unanswered = new Unanswered();
  const first = unanswered.sent(at(0));
  unanswered.sent(at(1000));
  t.is(unanswered.giveUpAt, at(120_000));
  first(at(50_000));
  t.is(unanswered.giveUpAt, at(170_000));
});

test("a slow line on which answers come, one after the other, is not given up", (t) => {
  const unanswered = new Unanswered();
  const answers = Array.from({ length: 16 }, () => unanswered.sent(at(0)));
  answers.forEach((answer, i) => {
    const now = 100_000 * (i + 1);
    t.true((unanswered.giveUpAt ?? 0) > now);
    answer(at(now));
  });
  t.is(unanswered.giveUpAt, null);
});

test("a message whose successors were answered for half a minute has lost its own answer", (t) => {
  const unanswered = new Unanswered();
  unanswered.sent(at(0));
  for (let s = 1; s <= 40; s++) unanswered.sent(at(1000 * s))(at(1000 * s + 10));
  t.is(unanswered.giveUpAt, at(31_010));
});

test("answers out of order are no loss where they come", (t) => {
  const unanswered = new Unanswered();
  const first = unanswered.sent(at(0));
  unanswered.sent(at(0))(at(20));
  first(at(25));
  t.is(unanswered.giveUpAt, null);
});
