import type { PointReading, Session } from "../../drivers/driver.ts";
import { inTime } from "../../drivers/modbus/fake-link.ts";
import { openModbus, planRequests } from "../../drivers/modbus/modbus.ts";
import { SimClock } from "../sim/clock.ts";
import type { Model } from "./model.ts";
import { ModelDevice } from "./model-device.ts";

/** No answer takes so long, in milliseconds. */
const LONG_MS = 120_000;

/** A device of a model, and the gateway's own session with it. */
export type Bench = {
  readonly clock: SimClock;
  readonly device: ModelDevice;
  readonly session: Session;
};

/** Puts a device of `model` on a line of its own. */
export function benchOf(model: Model): Bench {
  const clock = new SimClock();
  const device = new ModelDevice(model, clock);
  const bus = model.config.buses[0];
  if (bus?.kind !== "modbus-rtu") throw new Error(`${model.name} is not asked on Modbus`);
  return { clock, device, session: openModbus(device.link, clock, bus) };
}

/** What every point of `model` reads as, once each, by its name. */
export async function readAll(
  model: Model,
  { clock, device, session }: Bench,
): Promise<ReadonlyMap<string, PointReading>> {
  const readings = new Map<string, PointReading>();
  const [bus] = model.config.buses;
  if (bus?.kind !== "modbus-rtu") throw new Error(`${model.name} is not asked on Modbus`);
  device.beginPeriod();
  const { signal } = new AbortController();
  for (const request of planRequests(model.config, bus)) {
    const outcome = await inTime(clock, session.read(request, signal), LONG_MS);
    if (outcome.kind === "failure") throw new Error(`${model.name}: ${outcome.reason}`);
    for (const reading of outcome.readings) {
      readings.set(reading.point.replace(/^d\./, ""), reading);
    }
  }
  return readings;
}
