import type { GatewayConfig, LineBehind } from "../../config/gateway-config.ts";
import { planRequests } from "../../drivers/modbus/modbus.ts";
import { type BusForecast, forecastBus } from "./forecast.ts";
import { type GapSaving, gapSavings } from "./gap-saving.ts";
import { isolationOf } from "./isolation.ts";
import { timedLine } from "./line-behind.ts";
import { isRead, type ReadBus } from "./open-session.ts";
import { FULL_LOAD, type NewPeriod, proposePeriods } from "./proposal.ts";
import { watchedPoints } from "./watched.ts";

/** The plan of one bus, and whether its line can carry it. */
export type BusPlan = {
  readonly bus: string;
  /** Speed and format of a serial line, or host and port. */
  readonly line: string;
  /** The serial line behind host and port that was counted with; null where there is none. */
  readonly behind: LineBehind | null;
  readonly forecast: BusForecast;
  /** Where reading over registers that no point names would save requests, and nobody said it may. */
  readonly gaps: readonly GapSaving[];
  /** `full` is more than 80 % of the line's time, `overloaded` more than all of a known line's. */
  readonly verdict: "fits" | "full" | "overloaded";
  /** What would fit, where the verdict is not `fits`. */
  readonly proposal: Proposal | null;
};

/** What would fit: either of the two. */
export type Proposal = {
  /** Null where no periods up to a day are long enough. */
  readonly periods: readonly NewPeriod[] | null;
  /** A faster speed, in bits per second, and the load with it; null where none is enough. */
  readonly faster: { readonly baud: number; readonly load: number } | null;
};

/** Speeds that most devices offer, in bits per second. */
const BAUDS = [9600, 19_200, 38_400, 57_600, 115_200];

/** The plan of every bus of `config` from which something is read, in the order of the file. */
export function planBuses(config: GatewayConfig): readonly BusPlan[] {
  const watched = watchedPoints(config);
  return config.buses
    .filter(isRead)
    .map((bus) => planBus(config, bus, watched))
    .filter(({ forecast }) => forecast.requests.length > 0);
}

function planBus(config: GatewayConfig, bus: ReadBus, watched: ReadonlySet<string>): BusPlan {
  const forecast = forecastOf(config, bus, watched);
  const verdict = verdictOf(bus, forecast);
  const proposal = () => ({
    periods: proposePeriods(forecast.requests, watched),
    faster: fasterLine(config, bus, watched),
  });
  return {
    bus: bus.name,
    line: lineText(bus),
    behind: behindOf(bus) ?? null,
    forecast,
    gaps: gapSavings(config, { ...timedLine(bus), name: bus.name }),
    verdict,
    proposal: verdict === "fits" ? null : proposal(),
  };
}

function forecastOf(
  config: GatewayConfig,
  bus: ReadBus,
  watched: ReadonlySet<string>,
): BusForecast {
  const requests = planRequests(config, { ...timedLine(bus), name: bus.name });
  return forecastBus(bus, requests, watched, isolationOf(bus, config.devices));
}

/** A connection's time is guessed, so that no plan is refused for it. */
function verdictOf(bus: ReadBus, { load }: BusForecast): BusPlan["verdict"] {
  if (load <= FULL_LOAD) return "fits";
  return load > 1 && knownLine(bus) !== null ? "overloaded" : "full";
}

function behindOf(bus: ReadBus): LineBehind | undefined {
  return "behind" in bus ? bus.behind : undefined;
}

/** The serial line of `bus` as the configuration says it; null where it does not. */
function knownLine(bus: ReadBus): { readonly baud: number } | null {
  if ("serial" in bus) return bus.serial;
  const behind = behindOf(bus);
  return behind === undefined || behind.isAssumed ? null : behind;
}

/** `bus` with a line of another speed. */
function withBaud(bus: ReadBus, baud: number): ReadBus {
  if ("serial" in bus) return { ...bus, serial: { ...bus.serial, baud } };
  return "behind" in bus && bus.behind ? { ...bus, behind: { ...bus.behind, baud } } : bus;
}

function lineText(bus: ReadBus): string {
  switch (bus.kind) {
    case "modbus-rtu":
    case "modbus-ascii":
      return `${bus.serial.baud} ${bus.serial.format}`;
    case "modbus-tcp":
      return `${bus.tcp.host}:${bus.tcp.port}`;
    case "modbus-udp":
      return `${bus.udp.host}:${bus.udp.port}`;
    case "modbus-dial-in":
      return `${bus.listen.host}:${bus.listen.port}`;
  }
}

/** A faster line on which the plan would leave enough free; null where there is none. */
function fasterLine(
  config: GatewayConfig,
  bus: ReadBus,
  watched: ReadonlySet<string>,
): Proposal["faster"] {
  const line = knownLine(bus);
  if (line === null) return null;
  for (const baud of BAUDS.filter((each) => each > line.baud)) {
    const { load } = forecastOf(config, withBaud(bus, baud), watched);
    if (load <= FULL_LOAD) return { baud, load };
  }
  return null;
}
