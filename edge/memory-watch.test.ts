import test from "ava";
import type { UptimeMs } from "./core/time.ts";
import { MemoryWatch } from "./memory-watch.ts";

/** A watch of a process whose memory and time the test sets. */
function watched() {
  const state = { ms: 5_000, bytes: 1 };
  const clock = { uptime: () => state.ms as UptimeMs };
  const watch = new MemoryWatch({ clock, residentBytes: () => state.bytes } as never);
  return { state, watch };
}

test("memory is looked at once a minute at first, however often it is asked to", (t) => {
  const { state, watch } = watched();
  for (const ms of [5_000, 20_000, 64_999, 65_000]) {
    state.ms = ms;
    state.bytes = ms;
    watch.look();
  }
  t.deepEqual(watch.samples(), [
    { afterMs: 0, bytes: 5_000 },
    { afterMs: 60_000, bytes: 65_000 },
  ]);
});

test("a year takes no more samples than an hour, from its beginning to its end", (t) => {
  const { state, watch } = watched();
  const end = 365 * 86_400_000;
  for (; state.ms < end; state.ms += 600_000) watch.look();
  const samples = watch.samples();
  t.true(samples.length < 96 && samples.length > 40);
  t.is(samples[0]?.afterMs, 0);
  t.true((samples.at(-1)?.afterMs ?? 0) > 0.9 * end);
});
