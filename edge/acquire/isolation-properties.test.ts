import test from "ava";
import fc from "fast-check";
import type { ReadRequest } from "../../drivers/driver.ts";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import type { UptimeMs } from "../core/time.ts";
import { Isolation } from "./isolation.ts";

const at = (ms: number) => ms as UptimeMs;
const never = () => at(0);
const COST_MS = 300;
const HELD_MS = 1300;
const PROBE_EVERY_MS = 30_000;
const BUDGET = 0.1;
const LASTING_MS = 900_000;

/** One unit with a request that is always answered unless the unit is dead, and another. */
type Some = { readonly isDead: boolean; readonly isMute: boolean; readonly isWatched: boolean };

const some = fc.record({ isDead: fc.boolean(), isMute: fc.boolean(), isWatched: fc.boolean() });

/** Asks everything each second for as long as it is not suspect, and probes what is. */
function probesOn(units: readonly Some[]) {
  const requests = units.flatMap((_, n) => [requestOf(`d${n}`, n + 1), requestOf(`e${n}`, n + 1)]);
  const of = (request: ReadRequest) => units[request.unit - 1] as Some;
  const isolation = new Isolation(
    requests,
    (request) => of(request).isWatched,
    {
      probeEveryMs: new Map(units.map((_, n) => [n + 1, PROBE_EVERY_MS])),
      deadBudget: BUDGET,
      timeoutMs: COST_MS,
    },
    at(0),
  );
  const probes: { readonly request: ReadRequest; readonly now: number }[] = [];
  const ask = (request: ReadRequest, now: number) => {
    const { isDead, isMute } = of(request);
    const isVain = isDead || (isMute && request.device.startsWith("e"));
    if (!isVain) isolation.answered(request, at(now));
    else
      isolation.failed(request, { everyMs: 1000, costMs: COST_MS, heldMs: HELD_MS, at: at(now) });
  };
  for (let now = 0; now < LASTING_MS; now += 1000) {
    for (const request of requests) if (!isolation.isSuspect(request)) ask(request, now);
    const probe = isolation.probe(at(now), COST_MS, never);
    if (probe === null) continue;
    probes.push({ request: probe, now });
    ask(probe, now + COST_MS);
  }
  return { isolation, probes };
}

test("whatever is dead, its probes take no more than the budget, and nothing dead starves", (t) => {
  const well = { isDead: false, isMute: false, isWatched: true };
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 15 }), (others) => {
      const units = [well, ...others];
      const { isolation, probes } = probesOn(units);
      const most = BUDGET * LASTING_MS + BUDGET * PROBE_EVERY_MS + COST_MS;
      t.true(probes.length * COST_MS <= most, `${probes.length}`);
      const late = probes.filter(({ now }) => now > LASTING_MS - 300_000);
      for (const [n, { isDead, isMute }] of units.entries()) {
        t.is(isolation.isSilent(n + 1), isDead);
        const own = late.filter(({ request }) => request.unit === n + 1);
        t.is(own.length > 0, isDead || isMute, `${n + 1}`);
        if (!isDead) t.true(own.every(({ request }) => request.device === `e${n}`));
        // A unit that answers has the rest of its time for its other requests.
        if (!isDead) t.true(own.length * HELD_MS <= BUDGET * 300_000 + HELD_MS, `${own.length}`);
      }
    }),
    { numRuns: 60 },
  );
});
