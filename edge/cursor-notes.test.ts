import test from "ava";
import { CursorNotes } from "./cursor-notes.ts";

const cursor = (to: number, destination = "centre") =>
  ({ destination, kind: "readings", ranges: [{ from: 1, to }] }) as const;

test("of each destination and kind the latest is kept, and given out once", (t) => {
  const notes = new CursorNotes();
  notes.add(cursor(1));
  notes.add(cursor(5, "city"));
  notes.add(cursor(2));
  t.deepEqual(notes.takeAll(), [cursor(2), cursor(5, "city")]);
  t.deepEqual(notes.takeAll(), []);
});

test("what goes back does not replace what is newer", (t) => {
  const notes = new CursorNotes();
  notes.add(cursor(1));
  notes.add(cursor(1, "city"));
  const taken = notes.takeAll();
  notes.add(cursor(9));
  notes.putBack(taken);
  t.deepEqual(notes.takeAll(), [cursor(9), cursor(1, "city")]);
});
