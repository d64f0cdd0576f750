import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { InterlockAlarm, InterlockRule } from "../../edge/core/interlock.ts";
import type { InterlockOrder } from "../../edge/interlock/orders.ts";
import type { Random } from "../sim/random.ts";
import type { Incident } from "./incidents.ts";

/** A call about one interlock. */
export type InterlockCall = { readonly method: "interlock"; readonly params: InterlockOrder };

/** What befalls the device of an output: it confirms and does nothing, does again, falls back. */
export type OutputIncident = {
  readonly atMs: number;
  readonly kind: "stick" | "loosen" | "fall-back";
  readonly bus: string;
  readonly unit: number;
};

/** Draws outputs for interlocks, a coil or a register, of about half of the devices. */
export function drawOutputs(random: Random, points: readonly PointConfig[]): PointConfig[] {
  const firsts = new Map(points.toReversed().map((point) => [point.device, point]));
  return [...firsts.values()]
    .toReversed()
    .filter(() => random.chance(0.5))
    .map((first) => {
      const place = random.chance(0.6)
        ? ({ area: "coil", address: 20, type: "bool" } as const)
        : ({ area: "holding", address: 3000, type: "uint16" } as const);
      const plain = { order: "ABCD", length: 0, scale: 1, offset: 0, unit: null } as const;
      return { ...first, id: `${first.device}.act`, ...place, ...plain, write: true };
    });
}

/** Draws an interlock or two for each of `outputs`, on the alarms that there are. */
export function drawInterlocks(
  random: Random,
  outputs: readonly PointConfig[],
  { points, alarms }: Pick<GatewayConfig, "points" | "alarms">,
): InterlockRule[] {
  return outputs.flatMap((output) => {
    const value = output.type === "bool" ? random.chance(0.8) : 100;
    const back = typeof value === "boolean" ? !value : 0;
    const release = random.chance(0.8) ? back : null;
    return Array.from({ length: random.pick([1, 1, 2]) }, (_, index) => ({
      name: `${output.id}-${index}`,
      write: output.id,
      value,
      release,
      alarms: drawCauses(random, alarms),
      ...drawTerms(random, release === null),
      permissive: drawPermissive(random, points),
      deadMan: null,
    }));
  });
}

function drawCauses(random: Random, alarms: readonly AlarmRule[]): readonly InterlockAlarm[] {
  const drawn = new Set(Array.from({ length: random.pick([1, 1, 2]) }, () => random.pick(alarms)));
  return [...drawn].map((rule) => ({
    alarm: rule.name,
    points: rule.limit === "vote" ? rule.of : [rule.point],
  }));
}

function drawTerms(random: Random, isHeld: boolean) {
  const minOnMs = random.pick([0, 0, 5000, 20_000]);
  const maxOnMs = random.pick([null, null, 3000, 10_000]);
  return {
    onFault: random.chance(0.4),
    faultAfterMs: random.pick([2000, 10_000]),
    minOnMs: maxOnMs === null || isHeld ? minOnMs : 0,
    maxOnMs: isHeld ? null : maxOnMs,
    verify: random.chance(0.8),
    retries: random.pick([0, 3]),
    retryEveryMs: random.pick([100, 500]),
    expiryMs: random.pick([1000, 5000, 10_000]),
    testMs: random.pick([500, 2000]),
  };
}

function drawPermissive(random: Random, points: readonly PointConfig[]) {
  const swinging = points.filter(({ type }) => type === "int32");
  if (swinging.length === 0 || random.chance(0.75)) return [];
  return [{ point: random.pick(swinging).id, test: "above", than: -200 } as const];
}

/** Draws what the devices of the outputs do, and what a crew does about the interlocks. */
export function drawOutputIncidents(
  random: Random,
  config: GatewayConfig,
  safetyMs: number,
): Incident[] {
  const { interlocks } = config;
  if (interlocks.length === 0) return [];
  const visits = Array.from({ length: random.integer(0, 8) }, () => ({
    atMs: random.between(0, safetyMs * 1.5),
    kind: "visit" as const,
    calls: [drawInterlockCall(random, interlocks)],
  }));
  return [...visits, ...interlocks.flatMap((rule) => drawTroubles(random, config, rule, safetyMs))];
}

function drawInterlockCall(random: Random, rules: readonly InterlockRule[]): InterlockCall {
  const about = { interlock: random.pick(rules).name, who: "crew" };
  const action = random.pick(["test", "test", "release", "override"] as const);
  const params =
    action === "override"
      ? { ...about, action, forMs: 60_000, reason: "swarm" }
      : { ...about, action };
  return { method: "interlock", params };
}

function drawTroubles(
  random: Random,
  { points, devices }: GatewayConfig,
  { write }: InterlockRule,
  safetyMs: number,
): OutputIncident[] {
  const point = points.find(({ id }) => id === write);
  const device = devices.find(({ name }) => name === point?.device);
  if (device === undefined) return [];
  const { bus, unit } = device;
  const from = random.between(0, safetyMs);
  const to = Math.min(safetyMs, from + random.between(500, 40_000));
  const stuck = random.chance(0.3)
    ? [
        { atMs: from, kind: "stick", bus, unit } as const,
        { atMs: to, kind: "loosen", bus, unit } as const,
      ]
    : [];
  const fallen = Array.from({ length: random.integer(0, 2) }, () => {
    return { atMs: random.between(0, safetyMs), kind: "fall-back", bus, unit } as const;
  });
  return [...stuck, ...fallen];
}

/** `rules` where `alarm` is no more: those that nothing trips go with it. */
export function withoutAlarm(rules: readonly InterlockRule[], alarm: string): InterlockRule[] {
  return rules
    .map((rule) => ({ ...rule, alarms: rule.alarms.filter((each) => each.alarm !== alarm) }))
    .filter(({ alarms }) => alarms.length > 0);
}
