import type { ModbusTiming } from "../../config/gateway-config.ts";
import type { ReadRequest } from "../../drivers/driver.ts";
import { lineTimeOf, unansweredMs } from "../../drivers/modbus/line-time.ts";
import type { IsolationSettings } from "./isolation.ts";
import type { CarriedBus } from "./line-behind.ts";
import { firstPauseMs } from "./unit-health.ts";

/** A device that may not answer, and what it then takes of the line. Plain data. */
export type DeadDevice = {
  readonly device: string;
  /** How long the line waits for it, in milliseconds. */
  readonly timeoutMs: number;
  readonly requests: number;
  /** The least time from one try to the next while it is taken for silent, in milliseconds. */
  readonly firstTriesMs: number;
  /** The same once it has been silent for long. */
  readonly triesMs: number;
};

/** The devices that `requests` read on `bus`, each as if it did not answer. */
export function deadDevices(
  bus: CarriedBus & Pick<ModbusTiming, "timeoutMs" | "graceMs">,
  requests: readonly ReadRequest[],
  { probeEveryMs, deadBudget }: IsolationSettings,
): readonly DeadDevice[] {
  // It is the gateway that waits: where it sends to a peer, from when it has sent.
  const line = lineTimeOf(bus);
  return [...Map.groupBy(requests, ({ device }) => device)].map(([device, own]) => {
    const timeoutMs = Math.max(...own.map(({ pace }) => unansweredMs(line, bus.timeoutMs, pace)));
    const [{ unit }] = own as [ReadRequest];
    const probeMs = probeEveryMs.get(unit) ?? 0;
    const firstMs = firstPauseMs(Math.min(...own.map(({ everyMs }) => everyMs)), probeMs);
    const afterMs = (pauseMs: number) => timeoutMs + Math.max(bus.graceMs, pauseMs);
    return {
      device,
      timeoutMs,
      requests: own.length,
      firstTriesMs: afterMs(firstMs),
      triesMs: Math.max(afterMs(probeMs), timeoutMs / deadBudget),
    };
  });
}

/** The share of the line's time that goes into trying a device, once it is taken for silent. */
export function probeShare({ timeoutMs, triesMs }: DeadDevice): number {
  return timeoutMs / triesMs;
}

/**
 * What a device takes of the line within `ms`, `width` requests at a time: after a time-out it is
 * left alone for a while. At first each of its requests is tried, later the device itself.
 */
export function timeoutsMs(
  { timeoutMs, requests, firstTriesMs }: DeadDevice,
  ms: number,
  graceMs: number,
  width: number,
): number {
  const tries = width * (1 + Math.floor(ms / (timeoutMs + graceMs)));
  const probes = 1 + Math.floor(ms / firstTriesMs);
  return timeoutMs * Math.max(Math.min(tries, requests), probes);
}
