import test from "ava";
import { journalLines } from "./journal.ts";

test("where the journal keeps nothing of the gateway, or there is none, nothing is told", async (t) => {
  const tomorrow = Date.now() + 86_400_000;
  t.deepEqual(await journalLines(tomorrow), []);
});
