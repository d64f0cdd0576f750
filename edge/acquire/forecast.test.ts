import test from "ava";
import fc from "fast-check";
import type { ReadRequest } from "../../drivers/driver.ts";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import { type BusForecast, type ForecastBus, forecastBus } from "./forecast.ts";

/** A connection on which every request takes 100 ms. */
const BUS: ForecastBus = {
  name: "pump",
  kind: "modbus-tcp",
  turnaroundMs: 100,
  timeoutMs: 1000,
  graceMs: 2000,
};

/** A request of the device `u<unit>`. */
function every(everyMs: number, unit: number): ReadRequest {
  return { ...aRequest({ unit, count: 1 }), everyMs };
}

function forecast(requests: readonly ReadRequest[], watched: readonly string[] = []): BusForecast {
  return forecastBus(BUS, requests, new Set(watched));
}

function agesOf({ requests }: BusForecast): number[] {
  return requests.map(({ ageMs }) => ageMs);
}

test("the load is the share of time that the requests take", (t) => {
  t.is(forecast([every(1000, 1)]).load, 0.1);
  t.is(forecast([every(1000, 1), every(500, 2), every(10_000, 1)]).load.toFixed(6), "0.310000");
  t.is(forecast([every(50, 1)]).load, 2);
});

test("on a serial line the load follows speed and length", (t) => {
  const serial = { baud: 9600, format: "8N1" } as const;
  const line = { ...BUS, kind: "modbus-rtu", silenceMs: null, serial, turnaroundMs: 0 } as const;
  const requests = [{ ...aRequest({ count: 60 }), everyMs: 1000 }];
  const { load, roundMs } = forecastBus(line, requests, new Set());
  t.is(roundMs.toFixed(1), "146.6");
  t.is(load, roundMs / 1000);
});

test("behind a serial server requests of equal shape wait for copies of each other's answers", (t) => {
  const requests = [every(1000, 1), every(1000, 1), every(1000, 2)];
  const behind = forecastBus({ ...BUS, framing: "rtu" }, requests, new Set());
  t.deepEqual(
    behind.requests.map(({ lineMs }) => lineMs),
    [150, 150, 100],
  );
  t.is(forecastBus({ ...BUS, framing: "tcp" }, requests, new Set()).roundMs, 300);
});

test("a value is as old as its period and one round of all requests", (t) => {
  const seen = forecast([every(1000, 1), every(5000, 2), every(5000, 3)]);
  t.is(seen.roundMs, 300);
  t.deepEqual(agesOf(seen), [1300, 5300, 5300]);
});

test("what alarms watch does not wait longer, the rest waits for it again and again", (t) => {
  const requests = [every(150, 1), every(5000, 2), every(5000, 3)];
  const seen = forecast(requests, ["u1.p0"]);
  // 300 ms for a round; meanwhile, and while that is made up for, the first is due four times more.
  t.deepEqual(agesOf(seen), [450, 5700, 5700]);
});

test("what alarms watch goes first for a bounded time only", (t) => {
  const [, age] = agesOf(forecast([every(100, 1), every(5000, 2)], ["u1.p0"]));
  t.is(age, 5000 + 200 + 100 * 100);
});

test("requests that may be due again within a round may be skipped", (t) => {
  t.false(forecast([every(300, 1), every(300, 2), every(300, 3)]).maySkip);
  t.true(forecast([every(299, 1), every(5000, 2), every(5000, 3)]).maySkip);
});

test("a silent device costs the others one time-out instead of its requests", (t) => {
  const seen = forecast([every(5000, 1), every(5000, 2), every(5000, 2)]);
  t.deepEqual(
    seen.requests.map(({ ageOneDeadMs }) => ageOneDeadMs),
    [5000 + 100 + 1000, 5000 + 200 + 1000, 5000 + 200 + 1000],
  );
});

test("with several requests it may cost another one once it is no more left alone", (t) => {
  const slow = Array.from({ length: 32 }, (_, index) => every(5000, index + 3));
  const seen = forecast([every(5000, 1), every(5000, 1), ...slow]);
  t.is(seen.requests.at(-1)?.ageOneDeadMs, 5000 + 3200 + 2 * 1000);
});

test("over Modbus TCP a dead device is not left alone between the requests that are due", (t) => {
  const dead = Array.from({ length: 3 }, () => every(5000, 1));
  const seen = forecastBus({ ...BUS, framing: "tcp" }, [...dead, every(5000, 2)], new Set());
  t.is(seen.requests.at(-1)?.ageOneDeadMs, 5000 + 100 + 3 * 1000);
});

test("a device with a longer time-out costs that", (t) => {
  const pace = { timeoutMs: 4000, silenceMs: null, turnaroundMs: null };
  const seen = forecast([every(5000, 1), { ...every(5000, 2), pace }]);
  t.is(seen.requests[0]?.ageOneDeadMs, 5000 + 100 + 4000);
});

test("in the long run a silent device takes one time-out in half a minute", (t) => {
  const seen = forecast([every(1000, 1), every(1000, 1), every(2000, 2)]);
  t.is(seen.loadOneDead?.toFixed(6), (0.2 + 1000 / 30_000).toFixed(6));
  t.is(
    forecast([every(60_000, 1), every(60_000, 2)]).loadOneDead?.toFixed(6),
    (1.1 / 60).toFixed(6),
  );
});

test("a device alone on its bus has no other that could be silent", (t) => {
  const seen = forecast([every(1000, 1), every(5000, 1)]);
  t.is(seen.loadOneDead, null);
  t.deepEqual(
    seen.requests.map(({ ageOneDeadMs }) => ageOneDeadMs),
    [null, null],
  );
});

test("nothing to read is no load", (t) => {
  t.like(forecast([]), { load: 0, loadOneDead: null, roundMs: 0, maySkip: false });
});

test("no value is younger than its period and its own request, nor does a plan that grows make one younger", (t) => {
  const some = fc.array(
    fc.record({
      everyMs: fc.integer({ min: 50, max: 10_000 }),
      unit: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(some, (list) => {
      const requests = list.map(({ everyMs, unit }) => every(everyMs, unit));
      const whole = agesOf(forecast(requests, ["u1.p0"]));
      const less = agesOf(forecast(requests.slice(0, -1), ["u1.p0"]));
      for (const [index, age] of less.entries()) {
        t.true(age >= (requests[index] as ReadRequest).everyMs + 100);
        t.true((whole[index] as number) >= age);
      }
    }),
  );
});
