import test from "ava";
import { staleAfterMs } from "./stale.ts";

test("a reading is stale after three periods", (t) => {
  t.is(staleAfterMs({ everyMs: 1000 }), 3000);
});

test("where a device may be silent for longer, that is waited for", (t) => {
  t.is(staleAfterMs({ everyMs: 1000, silentAfterMs: 60_000 }), 60_000);
  t.is(staleAfterMs({ everyMs: 1000, silentAfterMs: 2000 }), 3000);
});
