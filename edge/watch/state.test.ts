import test from "ava";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { keysIn } from "./keys.ts";
import { answered, firstState, pressed, unanswered, type WatchState } from "./state.ts";

/** The state after `text` was typed, at 10 rows a page. */
function after(text: string, from: WatchState = firstState()): WatchState {
  let state = from;
  for (const key of keysIn(text)) {
    const next = pressed(state, key, 10);
    if (next === "quit") throw new Error("it was left");
    state = next;
  }
  return state;
}

test("pages are reached by their numbers, and one after the other around the end", (t) => {
  t.is(after("3").page, "buses");
  t.is(after("\t").page, "alarms");
  t.is(after("\x1b[Z").page, "interlocks");
  t.is(after("9").page, "points");
  t.is(after("jjj2").top, 0, "a page begins at its first row");
});

test("keys move by a row, by a page, and to the ends", (t) => {
  t.is(after("jj\x1b[B").top, 3);
  t.is(after("k\x1b[A").top, 0);
  t.is(after("\x1b[6~\x1b[6~\x1b[5~").top, 10);
  t.is(after("Gg").top, 0);
});

test("the order goes round, and can be reversed", (t) => {
  t.deepEqual(
    ["s", "ss", "sss", "ssss", "S"].map((text) => after(text).sort),
    ["age", "quality", "alarm", "name", "alarm"],
  );
  t.true(after("r").isReversed);
  t.false(after("rs").isReversed);
});

test("a filter is typed letter by letter, q and digits too, in any script", (t) => {
  t.like(after("/q1气"), { filter: "q1气", isTyping: true, page: "points" });
  t.like(after("/ab\x7f\r"), { filter: "a", isTyping: false });
  t.like(after("/ab\x1b"), { filter: "", isTyping: false });
  t.is(after("/ab\x15c").filter, "c");
  t.is(after("/a\r\x1b").filter, "", "Escape drops it later too");
  t.is(after(`/${"a".repeat(99)}`).filter.length, 40);
});

test("help goes away at any key, which does nothing else", (t) => {
  t.true(after("h").isHelp);
  t.like(after("h3"), { isHelp: false, page: "points" });
});

test("q and Ctrl-C leave, Ctrl-C also from where letters are typed", (t) => {
  const leave = (state: WatchState, text: string) =>
    keysIn(text).map((key) => pressed(state, key, 10));
  t.deepEqual(leave(firstState(), "q"), ["quit"]);
  t.deepEqual(leave(after("/x"), "\x03"), ["quit"]);
});

test("a pause holds what is shown, and what came meanwhile is there afterwards", (t) => {
  const [first, second] = [aStatus(), aStatus({ gateway: "later" })];
  const paused = answered(after("p", answered(firstState(), first)), second);
  t.is(paused.frozen?.status, first);
  t.is(after("p", paused).frozen, null);
  t.is(paused.status, second);
  t.is(after("p").frozen, null, "there is nothing to hold yet");
});

test("a gateway that is gone is so since it first did not answer, until it is back", (t) => {
  const failure = { meaning: "", advice: "", message: "", code: null };
  const gone = unanswered(unanswered(firstState(), failure, 5), failure, 9);
  t.is(gone.gone?.since, 5);
  t.is(answered(gone, aStatus()).gone, null);
});
