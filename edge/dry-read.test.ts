import test from "ava";
import type { BusConfig, GatewayConfig } from "../config/gateway-config.ts";
import type { ReadOutcome, ReadRequest } from "../drivers/driver.ts";
import { POINT } from "../test-rigs/sim/a-point.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { FieldBus } from "./control/field-reach.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { dryRead } from "./dry-read.ts";

const STAMP = { at: 5 as WallMs, uptime: 5 as UptimeMs };

const busCalled = (name: string, timeoutMs = 300) => ({ name, timeoutMs }) as BusConfig;

/** A configuration with one device on each bus, named after it, and these points. */
function configOf(
  buses: readonly BusConfig[],
  points: readonly string[],
  clears = "",
): GatewayConfig {
  const devices = buses.map(({ name }) => ({ name, bus: name, unit: 1 }));
  const all = points.map((id) => {
    return { ...POINT, id, device: id.split(".")[0], readClears: id === clears };
  });
  const none = { talkers: [], boards: [], derived: [] };
  return { buses, devices, points: all, ...none } as unknown as GatewayConfig;
}

/** Reads `candidate` dry where `silent` devices do not answer. */
async function reading(candidate: GatewayConfig, running: GatewayConfig, silent = "") {
  const clock = new SimClock();
  const asked: string[] = [];
  const bus = {
    read: ({ device, points }: ReadRequest): Promise<ReadOutcome> => {
      asked.push(...points.map(({ point }) => point.id));
      if (device === silent)
        return Promise.resolve({ kind: "failure", reason: "timeout", ...STAMP });
      const readings = points.map(({ point }) => {
        return { point: point.id, value: 1, quality: "good" } as const;
      });
      return Promise.resolve({ kind: "values", readings, ...STAMP });
    },
  } as unknown as FieldBus;
  const read = await dryRead(candidate, { clock, running, busOf: () => bus });
  return { ...read, asked };
}

test("each point is read once where its bus stays as it is", async (t) => {
  const running = configOf([busCalled("a")], ["a.x"]);
  const read = await reading(configOf([busCalled("a")], ["a.x", "a.y"]), running);
  t.like(read, { good: 2, bad: 0, untried: 0 });
  t.deepEqual(read.asked, ["a.x", "a.y"]);
});

test("what does not answer is counted and named, and a silent device is waited for once", async (t) => {
  const buses = [busCalled("a"), busCalled("b")];
  const config = configOf(buses, ["a.x", "b.x", "b.y"]);
  const read = await reading(config, config, "b");
  t.like(read, { good: 1, bad: 2, untried: 0 });
  t.deepEqual(read.why, [
    { point: "b.x", quality: "bad:timeout" },
    { point: "b.y", quality: "bad:timeout" },
  ]);
  t.deepEqual(read.asked, ["a.x", "b.x"]);
});

test("what is on another bus than now, or would be cleared by reading it, is not tried", async (t) => {
  const running = configOf([busCalled("a"), busCalled("b")], []);
  const buses = [busCalled("a"), busCalled("b", 900), busCalled("c")];
  const read = await reading(configOf(buses, ["a.x", "a.y", "b.x", "c.x"], "a.y"), running);
  t.like(read, { good: 1, bad: 0, untried: 3 });
  t.deepEqual(read.asked, ["a.x"]);
});
