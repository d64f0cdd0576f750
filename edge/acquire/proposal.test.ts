import test from "ava";
import fc from "fast-check";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import type { RequestForecast } from "./forecast.ts";
import { FULL_LOAD, proposePeriods } from "./proposal.ts";

/** A request of the device `u<unit>` that takes `lineMs` of the line. */
function taking(lineMs: number, everyMs: number, unit: number): RequestForecast {
  const request = { ...aRequest({ unit, count: 1 }), everyMs };
  return { request, lineMs, ageMs: 0, ageOneDeadMs: null };
}

function propose(requests: readonly RequestForecast[], watched: readonly string[] = []) {
  const periods = proposePeriods(requests, new Set(watched));
  return periods?.map(({ device, fromMs, toMs }) => `${device} ${fromMs} -> ${toMs}`) ?? null;
}

test("a plan that fits is left as it is", (t) => {
  t.deepEqual(propose([taking(800, 1000, 1)]), []);
});

test("what takes the most is slowed down first, to a period that people write", (t) => {
  t.deepEqual(propose([taking(900, 1000, 1), taking(100, 1000, 2)]), ["u1 1000 -> 2000"]);
});

test("all that a device has of one period is slowed down together", (t) => {
  t.deepEqual(propose([taking(600, 1000, 1), taking(600, 1000, 1), taking(10, 5000, 1)]), [
    "u1 1000 -> 2000",
  ]);
});

test("what alarms watch keeps its period where the rest can give enough", (t) => {
  const requests = [taking(700, 1000, 1), taking(300, 1000, 2)];
  t.deepEqual(propose(requests, ["u1.p0"]), ["u2 1000 -> 5000"]);
});

test("what alarms watch is slowed down where the rest cannot give enough", (t) => {
  const requests = [taking(2000, 1000, 1), taking(100, 1000, 2)];
  t.deepEqual(propose(requests, ["u1.p0"]), ["u1 1000 -> 5000", "u2 1000 -> 10000"]);
});

test("where no period up to a day is enough, none is proposed", (t) => {
  t.is(propose([taking(80_000_000, 1000, 1)]), null);
});

test("what is proposed fits, and nothing is read more often than before", (t) => {
  const some = fc.array(
    fc.record({
      lineMs: fc.integer({ min: 1, max: 500 }),
      everyMs: fc.integer({ min: 10, max: 100_000 }),
      unit: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(some, fc.boolean(), (list, isWatched) => {
      const requests = list.map(({ lineMs, everyMs, unit }) => taking(lineMs, everyMs, unit));
      const periods = proposePeriods(requests, new Set(isWatched ? ["u1.p0"] : [])) ?? [];
      const load = requests.reduce((sum, { request: { device, everyMs }, lineMs }) => {
        const own = periods.find((each) => each.device === device && each.fromMs === everyMs);
        return sum + lineMs / (own?.toMs ?? everyMs);
      }, 0);
      t.true(load <= FULL_LOAD + 1e-9);
      t.true(periods.every(({ fromMs, toMs }) => toMs > fromMs));
    }),
  );
});
