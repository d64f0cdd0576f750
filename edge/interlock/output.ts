import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type {
  DevicePace,
  ReadOutcome,
  ReadRequest,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import { isRepeatedWhole } from "../../drivers/modbus/confirmation.ts";
import { encode } from "../../drivers/modbus/encode.ts";
import { mayEcho } from "../acquire/echo.ts";
import { readingsOf } from "../acquire/readings.ts";
import { GatewayError } from "../core/errors.ts";
import type { InterlockRule } from "../core/interlock.ts";
import { isBitArea, widthOf } from "../core/point.ts";
import type { Reason, Value } from "../core/reading.ts";
import { after, type Clock, type UptimeMs } from "../core/time.ts";
import type { Outcome } from "./state.ts";

/** What acts on one bus before all else. */
export type ActingBus = {
  act(request: WriteRequest, until: UptimeMs, isOff: () => boolean): Promise<WriteOutcome>;
  check(request: ReadRequest, until: UptimeMs, isOff: () => boolean): Promise<ReadOutcome>;
};

/** A point that an interlock writes, and the way to it. */
export type Output = {
  readonly point: PointConfig;
  readonly unit: number;
  readonly pace: DevicePace;
  readonly bus: ActingBus;
  /** Whether the line to it may give back what is sent, for all that is known for sure. */
  readonly mayEcho: boolean;
};

/** Finds the output of each rule in a configuration that was checked, on the buses that there are. */
export function outputFinder(
  { points, devices, buses }: Pick<GatewayConfig, "points" | "devices" | "buses">,
  busOf: (name: string) => ActingBus | null,
): (rule: Pick<InterlockRule, "write">) => Output {
  return ({ write }) => {
    const point = points.find(({ id }) => id === write);
    const device = devices.find(({ name }) => name === point?.device);
    const bus = device === undefined ? null : busOf(device.bus);
    if (point === undefined || device === undefined || bus === null) {
      throw new Error(`${write} cannot be written`);
    }
    const isEchoing = buses.some((each) => each.name === device.bus && mayEcho(each));
    return { point, unit: device.unit, pace: device.pace, bus, mayEcho: isEchoing };
  };
}

/** What an output is told once. */
export type OutputOrder = {
  readonly value: boolean | number;
  /** Whether it is read first, and told only where it is not so already. */
  readonly isCheck: boolean;
  readonly rule: Pick<InterlockRule, "verify" | "retries" | "retryEveryMs" | "expiryMs">;
  /** Whether something else was ordered meanwhile: then nothing more is sent. */
  readonly isOff: () => boolean;
};

/** What came of an order: how often the output was told, and how long the last try took. */
export type Ended = {
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly tookMs: number;
};

type Failed = Extract<Outcome, { readonly kind: "failed" }>;

/** These say that the device will never do it (Modbus Application Protocol V1.1b3, 7). */
const NEVER: ReadonlySet<Reason> = new Set(["exception:1", "exception:2", "exception:3"] as const);

/**
 * Has `output` be what is ordered: writes, reads back, and tries again, until the order expires.
 * Nothing is begun after that. The first request is with its bus when this returns its promise.
 */
export async function carryOut(output: Output, order: OutputOrder, clock: Clock): Promise<Ended> {
  const { rule, isCheck, isOff } = order;
  const until = after(clock.uptime(), rule.expiryMs);
  const attempt = attemptOf(output, order, until);
  let outcome: Outcome = { kind: "failed", reason: "expired", readBack: null };
  let attempts = 0;
  let tookMs = 0;
  if (isCheck && rule.verify) {
    const found = await readBack(output, until, isOff);
    if (found.kind === "value" && found.value === attempt.value) {
      const outcome = { kind: "obeyed", readBack: found.value, isRepeat: false } as const;
      return { outcome, attempts, tookMs };
    }
  }
  for (let tries = 0; tries <= rule.retries; tries++) {
    const leftMs = until - clock.uptime();
    if (tries > 0 && leftMs > 0) await clock.sleep(Math.min(rule.retryEveryMs, leftMs));
    const from = clock.uptime();
    if (isOff() || from >= until) break;
    attempts++;
    outcome = await attempt.once();
    tookMs = clock.uptime() - from;
    if (outcome.kind === "obeyed" || isHopeless(outcome)) break;
  }
  return { outcome, attempts, tookMs };
}

function isHopeless({ reason }: Failed): boolean {
  return NEVER.has(reason as Reason);
}

function attemptOf(output: Output, { value, rule, isOff }: OutputOrder, until: UptimeMs) {
  const { point, unit, pace, bus } = output;
  const encoded = encode(point, value);
  // The configuration was checked: whoever comes here has made a mistake in this program.
  if (encoded.kind === "unfit") throw new Error(`${point.id} cannot hold ${value}`);
  const request = { device: point.device, unit, pace, write: encoded.write };
  const isRepeat = output.mayEcho && isRepeatedWhole(encoded.write.kind);
  const once = async (): Promise<Outcome> => {
    const written = await unlessBusy(bus.act(request, until, isOff));
    if (written === "busy") return { kind: "failed", reason: "timeout", readBack: null };
    const refusal = written.kind === "done" ? null : written.reason;
    if (!rule.verify && refusal === null) return { kind: "obeyed", readBack: null, isRepeat };
    // One of which nobody knows whether it was done is looked at.
    if (refusal !== null && (written.kind === "not-done" || !rule.verify)) {
      return { kind: "failed", reason: refusal, readBack: null };
    }
    const found = await readBack(output, until, isOff);
    if (found.kind === "none") {
      return { kind: "failed", reason: refusal ?? found.reason, readBack: null };
    }
    const isSo = found.value === encoded.value;
    return isSo
      ? { kind: "obeyed", readBack: found.value, isRepeat: false }
      : { kind: "failed", reason: refusal ?? "differs", readBack: found.value };
  };
  return { value: encoded.value, once };
}

/** What an output was found to be. */
export type Found =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "none"; readonly reason: Reason };

/** Reads `output` before all else. */
export async function readBack(
  { point, unit, pace, bus }: Output,
  until: UptimeMs,
  isOff: () => boolean,
): Promise<Found> {
  const { device, area, address, everyMs, type, length } = point;
  const count = isBitArea(area) ? 1 : widthOf(type, length);
  const points = [{ point, offset: 0 }];
  const request = { device, unit, pace, area, address, count, everyMs, points };
  const outcome = await unlessBusy(bus.check(request, until, isOff));
  if (outcome === "busy") return { kind: "none", reason: "timeout" };
  if (outcome.kind === "failure") return { kind: "none", reason: outcome.reason };
  const value = readingsOf(request, outcome)[0]?.value ?? null;
  return value === null ? { kind: "none", reason: "no-value" } : { kind: "value", value };
}

async function unlessBusy<Outcome>(outcome: Promise<Outcome>): Promise<Outcome | "busy"> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "bus.busy") return "busy";
    throw error;
  }
}

/** What `point` reads as when it was written `value`. */
export function readAs(point: PointConfig, value: boolean | number): Value {
  const encoded = encode(point, value);
  return encoded.kind === "write" ? encoded.value : value;
}
