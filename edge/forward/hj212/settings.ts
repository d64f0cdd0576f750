import type { Hj212Destination, Hj212Settable } from "../../../config/centre-config.ts";
import type { Patience } from "./exchange.ts";
import { type Packet, parameterOf } from "./packet.ts";

/** What a centre may set, as it is now. */
export type Settings = Patience & {
  /** Between two real-time data, in milliseconds. */
  readonly realTimeMs: number;
  /** Whether there are real-time data. */
  readonly isRealTime: boolean;
  /** Whether states of equipment are told. */
  readonly isEquipment: boolean;
  /** How long the period of minute data is, in milliseconds. */
  readonly minuteMs: number;
};

/** The interval of real-time data where the configuration has none, in milliseconds. */
const REAL_TIME_MS = 30_000;
/** The intervals of minute data, in minutes (HJ 212-2017, table 8, MinInterval). */
const MINUTES: readonly number[] = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30];

/** What holds until the centre sets something else. */
export function settingsOf(destination: Hj212Destination): Settings {
  const { timeoutMs, repeats, realTimeMs, minuteMs } = destination;
  const isRealTime = realTimeMs !== null;
  const isEquipment = destination.equipment.length > 0;
  const times = { minuteMs, realTimeMs: realTimeMs ?? REAL_TIME_MS };
  return { timeoutMs, repeats, ...times, isRealTime, isEquipment };
}

/** A command that sets something: what it belongs to, and what comes of it, null where it is wrong. */
export type Setting = {
  readonly key: Hj212Settable;
  readonly set: (settings: Settings, request: Packet) => Settings | null;
};

/** The commands that set something of `Settings` (HJ 212-2017, table 9). */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  "1000": {
    key: "timeout",
    set: (settings, request) => {
      const overTime = numberIn(request, "OverTime", 1, 3600);
      const reCount = numberIn(request, "ReCount", 0, 99);
      if (overTime === null || reCount === null) return null;
      return { ...settings, timeoutMs: overTime * 1000, repeats: reCount };
    },
  },
  "1062": {
    key: "realTime",
    set: (settings, request) => {
      const seconds = numberIn(request, "RtdInterval", 30, 3600);
      return seconds === null ? null : { ...settings, realTimeMs: seconds * 1000 };
    },
  },
  "1064": {
    key: "minute",
    set: (settings, request) => {
      const minutes = numberIn(request, "MinInterval", 1, 30);
      if (minutes === null || !MINUTES.includes(minutes)) return null;
      return { ...settings, minuteMs: minutes * 60_000 };
    },
  },
  "2011": { key: "realTime", set: (settings) => ({ ...settings, isRealTime: true }) },
  "2021": { key: "realTime", set: (settings) => ({ ...settings, isEquipment: true }) },
  "2022": { key: "realTime", set: (settings) => ({ ...settings, isEquipment: false }) },
  "2012": { key: "realTime", set: (settings) => ({ ...settings, isRealTime: false }) },
};

/** The whole number called `name`; null where there is none from `min` to `max`. */
function numberIn({ cp }: Packet, name: string, min: number, max: number): number | null {
  const text = parameterOf(cp, name) ?? "";
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}
