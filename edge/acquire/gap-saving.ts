import type { DeviceConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { TimedBus } from "../../drivers/modbus/line-time.ts";
import { planRequests } from "../../drivers/modbus/modbus.ts";

/** What a device's `maxGap` would save. */
export type GapSaving = {
  readonly device: string;
  /** The least that saves as much as any, 1 to 124. */
  readonly maxGap: number;
  /** Requests, of those that there are now. */
  readonly saved: number;
  readonly requests: number;
};

/** More is never read over: a request has 125 registers. */
const GAP_MAX = 124;

/**
 * What `maxGap` would save of each device on `bus` whose gaps are not read over because nobody has
 * said that they may be; none of those where it would save nothing.
 */
export function gapSavings(
  { devices, points }: Pick<GatewayConfig, "devices" | "points">,
  bus: TimedBus & { readonly name: string },
): readonly GapSaving[] {
  return devices
    .filter((device) => device.bus === bus.name && device.isGapAssumed === true)
    .flatMap((device) => {
      const own = points.filter((point) => point.device === device.name);
      const requestsWith = (maxGap: number) =>
        planRequests({ devices: [{ ...device, maxGap }], points: own }, bus).length;
      return savingOf(device, requestsWith) ?? [];
    });
}

/** Fewer requests take more to be read over, so the least that is enough lies between. */
function savingOf(
  { name, maxGap: now }: DeviceConfig,
  requestsWith: (maxGap: number) => number,
): GapSaving | null {
  const requests = requestsWith(now);
  const fewest = requests === 1 ? 1 : requestsWith(GAP_MAX);
  if (fewest >= requests) return null;
  let [tooFew, enough] = [now, GAP_MAX];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (requestsWith(middle) <= fewest) enough = middle;
    else tooFew = middle;
  }
  return { device: name, maxGap: enough, saved: requests - fewest, requests };
}
