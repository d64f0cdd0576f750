import test from "ava";
import fc from "fast-check";
import type { ReadRequest } from "../../drivers/driver.ts";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import { type BusForecast, type ForecastBus, forecastBus } from "./forecast.ts";
import type { IsolationSettings } from "./isolation.ts";

/** A connection on which every request takes 100 ms. */
const BUS: ForecastBus = {
  name: "pump",
  kind: "modbus-tcp",
  turnaroundMs: 100,
  timeoutMs: 1000,
  graceMs: 2000,
};

/** A unit that does not answer is tried every half a minute, and takes a tenth of the line. */
const ISOLATION: IsolationSettings = {
  timeoutMs: 1000,
  deadBudget: 0.1,
  probeEveryMs: new Map(Array.from({ length: 50 }, (_, unit) => [unit, 29_000])),
};

/** A request of the device `u<unit>`. */
function every(everyMs: number, unit: number): ReadRequest {
  return { ...aRequest({ unit, count: 1 }), everyMs };
}

/** What else a test says; the rest does not matter to it. */
type Some = {
  readonly watched?: readonly string[];
  readonly bus?: Partial<ForecastBus>;
  readonly isolation?: Partial<IsolationSettings>;
};

function forecast(requests: readonly ReadRequest[], some: Some = {}): BusForecast {
  const { watched = [], bus = {}, isolation = {} } = some;
  return forecastBus({ ...BUS, ...bus } as ForecastBus, requests, new Set(watched), {
    ...ISOLATION,
    ...isolation,
  });
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
  const { load, roundMs } = forecast(requests, { bus: line });
  t.is(roundMs.toFixed(1), "146.6");
  t.is(load, roundMs / 1000);
});

test("behind a serial server requests of equal shape wait for copies of each other's answers", (t) => {
  const requests = [every(1000, 1), every(1000, 1), every(1000, 2)];
  const behind = forecastBus({ ...BUS, framing: "rtu" }, requests, new Set(), ISOLATION);
  t.deepEqual(
    behind.requests.map(({ lineMs }) => lineMs),
    [150, 150, 100],
  );
  t.is(forecastBus({ ...BUS, framing: "tcp" }, requests, new Set(), ISOLATION).roundMs, 300);
});

test("a value is as old as its period and one round of all requests", (t) => {
  const seen = forecast([every(1000, 1), every(5000, 2), every(5000, 3)]);
  t.is(seen.roundMs, 300);
  t.deepEqual(agesOf(seen), [1300, 5300, 5300]);
});

test("what alarms watch does not wait longer, the rest waits for it again and again", (t) => {
  const requests = [every(150, 1), every(5000, 2), every(5000, 3)];
  const seen = forecast(requests, { watched: ["u1.p0"] });
  // 300 ms for a round; meanwhile, and while that is made up for, the first is due four times more.
  t.deepEqual(agesOf(seen), [450, 5700, 5700]);
});

test("what alarms watch goes first for a bounded time only", (t) => {
  const [, age] = agesOf(forecast([every(100, 1), every(5000, 2)], { watched: ["u1.p0"] }));
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
  const seen = forecast([...dead, every(5000, 2)], { bus: { framing: "tcp" } });
  t.is(seen.requests.at(-1)?.ageOneDeadMs, 5000 + 100 + 3 * 1000);
});

test("a device with a longer time-out costs that", (t) => {
  const pace = { timeoutMs: 4000, silenceMs: null, turnaroundMs: null };
  const seen = forecast([every(5000, 1), { ...every(5000, 2), pace }]);
  t.is(seen.requests[0]?.ageOneDeadMs, 5000 + 100 + 4000);
});

test("in the long run a silent device takes one time-out each time it is tried", (t) => {
  const seen = forecast([every(1000, 1), every(1000, 1), every(2000, 2)]);
  t.is(seen.loadOneDead?.toFixed(6), (0.2 + 1000 / 30_000).toFixed(6));
  // It is tried as often where it was read less often than that.
  const rare = forecast([every(60_000, 1), every(60_000, 2)]);
  t.is(rare.loadOneDead?.toFixed(6), (0.1 / 60 + 1 / 30).toFixed(6));
});

test("a silent device is tried no more often than the bus says, nor than its budget allows", (t) => {
  const requests = [every(1000, 1), every(1000, 2)];
  const probeEveryMs = new Map([1, 2].map((unit) => [unit, 3000]));
  const load = (deadBudget: number) =>
    forecast(requests, { isolation: { probeEveryMs, deadBudget } }).loadOneDead?.toFixed(6);
  t.is(load(1), (0.1 + 1000 / 4000).toFixed(6));
  t.is(load(0.05), (0.1 + 0.05).toFixed(6));
});

test("a device that is tried often costs the others several time-outs in a long round", (t) => {
  const requests = [every(5000, 1), ...Array.from({ length: 40 }, () => every(5000, 2))];
  const probeEveryMs = new Map([
    [1, 1000],
    [2, 1000],
  ]);
  const [, other] = forecast(requests, {
    bus: { graceMs: 0 },
    isolation: { probeEveryMs },
  }).requests;
  // 4 s of requests: a time-out every 2 s of them, and of the time-outs themselves.
  t.is(other?.ageOneDeadMs, 5000 + 4000 + 5 * 1000);
});

test("several requests at a time share the load, but none is under way twice", (t) => {
  const bus = { inFlight: 4 };
  const requests = Array.from({ length: 10 }, (_, index) => every(1000, index + 1));
  const seen = forecast(requests, { bus });
  t.is(seen.load.toFixed(6), "0.250000");
  t.is(seen.roundMs, 300);
  t.deepEqual([...new Set(agesOf(seen))], [1300]);
  t.is(forecast([every(50, 1)], { bus }).load, 2);
});

test("a silent device takes one of several requests under way, its own requests more", (t) => {
  const requests = [every(5000, 1), every(5000, 1), every(5000, 2), every(5000, 3)];
  const [, , other] = forecast(requests, { bus: { inFlight: 2 } }).requests;
  // Both take their time-out at once, and one of the others goes before.
  t.is(other?.ageOneDeadMs, 5000 + (2 * 1000 + 100) / 2 + 100);
});

test("a serial line behind the peer counts, whatever is in front of it", (t) => {
  const requests = [{ ...aRequest({ count: 60 }), everyMs: 1000 }];
  const behind = { baud: 9600, format: "8E1", isAssumed: false } as const;
  const rtu = { kind: "modbus-rtu", serial: behind, silenceMs: null } as const;
  const { load } = forecast(requests, { bus: rtu });
  t.is(forecast(requests, { bus: { framing: "rtu", behind } }).load, load);
  t.is(forecast(requests, { bus: { framing: "tcp", behind, inFlight: 4 } }).load, load);
  t.true(forecast(requests, { bus: { framing: "ascii", behind } }).load > 1.5 * load);
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
      const whole = agesOf(forecast(requests, { watched: ["u1.p0"] }));
      const less = agesOf(forecast(requests.slice(0, -1), { watched: ["u1.p0"] }));
      for (const [index, age] of less.entries()) {
        t.true(age >= (requests[index] as ReadRequest).everyMs + 100);
        t.true((whole[index] as number) >= age);
      }
    }),
  );
});
