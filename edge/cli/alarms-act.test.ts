import test from "ava";
import { actorName, askedFor, interlocksOf, outcomeText } from "./alarms-act.ts";
import type { Invocation } from "./invocation.ts";

test("who acts is the user by name, or by number where the system knows no name", (t) => {
  const nameless = () => {
    throw new Error("ENOENT: no such file or directory, uv_os_get_passwd");
  };
  t.is(
    actorName(() => ({ username: "crew" }), 1000),
    "crew",
  );
  t.is(actorName(nameless, 54_321), "uid 54321");
});

test("it is said to be done only where the gateway says so", (t) => {
  t.is(outcomeText("acknowledge", "done"), "acknowledgeDone");
  t.is(outcomeText("acknowledge", "no-effect"), "acknowledgeNoEffect");
  t.is(outcomeText("reset", "no-effect"), "resetNoEffect");
  t.is(outcomeText("reset", "not-stored"), "doneNotStored");
  t.is(outcomeText("reset", "stopping"), "gatewayStops");
  for (const answer of ["perhaps", "toString", null, {}, true]) {
    t.is(outcomeText("reset", answer), "unknownOutcome");
  }
});

test("who takes an alarm out of service is told of the interlocks that it trips, and of no others", (t) => {
  const rule = (name: string, ...alarms: readonly string[]) =>
    ({ name, alarms: alarms.map((alarm) => ({ alarm, points: [] })) }) as never;
  const interlocks = [rule("shut-off", "gas-high", "gas-red"), rule("fan", "gas-red")];
  t.deepEqual(interlocksOf("gas-red", { interlocks }), ["shut-off", "fan"]);
  t.deepEqual(interlocksOf("gas-high", { interlocks }), ["shut-off"]);
  t.deepEqual(interlocksOf("smoke", { interlocks }), []);
});

test("a refusal says why, by its code", (t) => {
  t.is(outcomeText("shelve", "latched"), "refusedLatched");
  t.is(outcomeText("shelve", "out-of-service"), "refusedOut");
  t.is(outcomeText("shelve", "too-long"), "refusedLong");
  t.is(outcomeText("shelve", "never-shelved"), "refusedNever");
});

test("a shelf needs a time, or once, and a reason; nothing else takes them", (t) => {
  const asked = (kind: Parameters<typeof askedFor>[0], options: Partial<Invocation>) =>
    askedFor(kind, { config: "", lang: "en", operands: [], ...options });
  const reason = "washed";
  t.deepEqual(asked("shelve", { reason, for: "2h" }), { reason, forMs: 7_200_000 });
  t.deepEqual(asked("shelve", { reason, once: true }), { reason, forMs: null });
  t.deepEqual(asked("remove", { reason }), { reason });
  t.deepEqual(asked("acknowledge", {}), {});
  for (const wrong of [
    asked("shelve", { reason }),
    asked("shelve", { for: "2h" }),
    asked("shelve", { reason: " ", for: "2h" }),
    asked("shelve", { reason, for: "2h", once: true }),
    asked("shelve", { reason, for: "2 hours" }),
    asked("shelve", { reason, for: "0s" }),
    asked("remove", { reason, for: "2h" }),
    asked("remove", {}),
    asked("acknowledge", { reason }),
  ]) {
    t.true("mistake" in wrong, JSON.stringify(wrong));
  }
});
