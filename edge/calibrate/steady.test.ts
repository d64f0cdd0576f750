import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { WallMs } from "../core/time.ts";
import { usualSteadiness } from "./stability.ts";
import { untilSteady } from "./steady.ts";

/** A wait for an instrument that tells, by the second, what `value` says; null: nothing. */
async function waitFor(value: (second: number) => number | null, forS = 400) {
  const clock = new SimClock();
  const end = new AbortController();
  let told = 0;
  const waiting = untilSteady(
    {
      clock,
      sample: () => {
        const uptimeMs = clock.uptime() as number;
        const indicated = value(uptimeMs / 1000);
        return Promise.resolve({
          at: 0 as WallMs,
          uptimeMs,
          indicated,
          value: indicated,
          quality: "good",
        });
      },
      numberIn: ({ indicated }) => indicated,
      bounds: usualSteadiness(100),
      withinMs: 300_000,
      onSample: () => {
        told++;
      },
    },
    end.signal,
  );
  await clock.advance(forS * 1000);
  if (forS < 300) end.abort();
  return { ...(await waiting), told };
}

test("a value that settles is waited for, and its mean is what it settled to", async (t) => {
  const { isSteady, stability } = await waitFor((s) => 50 * (1 - Math.exp(-s / 15)));
  t.true(isSteady);
  t.true(Math.abs((stability.mean ?? 0) - 50) < 0.3, `${stability.mean}`);
});

test("what never settles is given up at its time, with the reason", async (t) => {
  const { isSteady, stability, told } = await waitFor((s) => s);
  t.false(isSteady);
  t.is(stability.kind, "drifting");
  t.true(told >= 300);
});

test("an instrument that tells nothing is given up likewise", async (t) => {
  const { isSteady, stability } = await waitFor(() => null);
  t.false(isSteady);
  t.is(stability.mean, null);
});

test("samples that are lost now and then do no harm", async (t) => {
  const { isSteady } = await waitFor((s) => (s % 7 === 0 ? null : 50));
  t.true(isSteady);
});

test("whoever ends it does not wait", async (t) => {
  const { isSteady } = await waitFor(() => null, 5);
  t.false(isSteady);
});
