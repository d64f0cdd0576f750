import { allPoints } from "../../config/gateway-config.ts";
import type { ReadRequest, Session } from "../../drivers/driver.ts";
import { inTime } from "../../drivers/modbus/fake-link.ts";
import { openModbus, planRequests } from "../../drivers/modbus/modbus.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { MeasureDesk } from "../../edge/measure/measure-desk.ts";
import { Deriving, measureDeskOf } from "../../edge/measuring.ts";
import { SimClock } from "../sim/clock.ts";
import type { Model } from "./model.ts";
import { ModelDevice } from "./model-device.ts";
import type { Memory } from "./registers.ts";

/** No answer takes so long, in milliseconds. */
const LONG_MS = 120_000;

/** A status that is derived is known for the next round, and a warm-up is over by the last. */
const ROUNDS = 3;

/** A device of a model, and the gateway's own session with it. */
export type Bench = {
  readonly clock: SimClock;
  readonly device: ModelDevice;
  readonly session: Session;
  readonly requests: readonly ReadRequest[];
};

/** Puts a device of `model` that holds `memory` on a line of its own. */
export function benchOf(model: Model, memory: Memory): Bench {
  const clock = new SimClock();
  const device = new ModelDevice(model, clock);
  device.memory = memory;
  const bus = model.config.buses[0];
  if (bus?.kind !== "modbus-rtu") throw new Error(`${model.name} is not asked on Modbus`);
  const session = openModbus(device.link, clock, bus);
  return { clock, device, session, requests: planRequests(model.config, bus) };
}

/** What every point of a device reads as, once each, request by request. */
export async function readAll(bench: Bench): Promise<readonly (readonly Reading[])[]> {
  const { clock, device, session, requests } = bench;
  const { signal } = new AbortController();
  device.beginPeriod();
  const all: (readonly Reading[])[] = [];
  for (const request of requests) {
    const outcome = await inTime(clock, session.read(request, signal), LONG_MS);
    if (outcome.kind === "failure") throw new Error(`${request.device}: ${outcome.reason}`);
    const { at, uptime } = outcome;
    all.push(outcome.readings.map((reading) => ({ ...reading, at, uptime })));
  }
  return all;
}

/** `readings` by the names of their points; of two of one point the later. */
export function byName(readings: Iterable<Reading>): ReadonlyMap<string, Reading> {
  return new Map(Array.from(readings, (reading) => [nameOf(reading.point), reading]));
}

/** The name of the point `id` of the one device. */
export function nameOf(id: string): string {
  return id.replace(/^d\./, "");
}

/** What every point of a device is measured to be in the end, derived ones among them. */
export async function measureAll(
  { config }: Model,
  bench: Bench,
): Promise<{ readonly readings: ReadonlyMap<string, Reading>; readonly desk: MeasureDesk }> {
  const desk = measureDeskOf(bench.clock, config);
  const deriving = new Deriving(desk, config);
  const warmUps = allPoints(config).map(({ measurement }) => measurement?.checks.warmUpMs ?? 0);
  const all: Reading[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const told of await readAll(bench)) {
      deriving.measured(told, (readings) => all.push(...readings));
    }
    if (round === 0) await bench.clock.advance(Math.max(...warmUps));
  }
  return { readings: byName(all), desk };
}
