import test from "ava";
import { keysIn } from "./keys.ts";

const names = (text: string) =>
  keysIn(text).map((key) => (key.kind === "named" ? key.name : `'${key.text}'`));

test("characters are themselves, in any script, and several may come at once", (t) => {
  t.deepEqual(names("q"), ["'q'"]);
  t.deepEqual(names("气体/"), ["'气'", "'体'", "'/'"]);
});

test("arrows and pages are known as terminals of every kind send them", (t) => {
  t.deepEqual(names("\x1b[A\x1bOB\x1b[5~\x1b[6~"), ["up", "down", "page-up", "page-down"]);
  t.deepEqual(names("\x1b[H\x1b[1~\x1b[F\x1bOF\x1b[Z\t"), [
    "home",
    "home",
    "end",
    "end",
    "back",
    "next",
  ]);
});

test("control keys end, suspend, redraw and erase", (t) => {
  t.deepEqual(names("\x03\x1a\x0c\x7f\x15\r\x1b"), [
    "quit",
    "suspend",
    "redraw",
    "erase",
    "erase-all",
    "enter",
    "escape",
  ]);
});

test("a key without a meaning here is left out whole, not taken for its letters", (t) => {
  t.deepEqual(names("\x1b[15~\x1b[1;5Cq\x00\x07"), ["'q'"]);
});
