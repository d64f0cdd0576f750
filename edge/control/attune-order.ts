import type { AttuneOrder, LineSetting } from "../acquire/attune.ts";
import type { SerialFormat } from "../core/link.ts";
import { wholeOf } from "./field-orders.ts";
import { PROBE_TIMEOUT_MIN_MS, probeOrderOf } from "./probe-order.ts";

/** The speeds and formats that field devices are found at, the usual ones first. */
export const SPEEDS = [9600, 19_200, 4800, 115_200, 38_400, 57_600, 2400, 1200] as const;
export const FORMATS = ["8N1", "8E1", "8O1", "8N2"] as const satisfies readonly SerialFormat[];

/** As many settings, and as many questions at each, are tried at most. */
export const SETTINGS_MAX = SPEEDS.length * FORMATS.length;
export const ASKED_MAX = 4;

/** The order in the parameters of a call. Throws where there is none, saying why. */
export function attuneOrderOf(params: unknown): AttuneOrder {
  const { bus, settings, asked, timeoutMs, isForced } = (params ?? {}) as Partial<
    Record<string, unknown>
  >;
  if (typeof bus !== "string") throw new Error("attune needs a bus");
  return {
    bus,
    settings: some("settings", settings, SETTINGS_MAX).map(settingOf),
    asked: some("asked", asked, ASKED_MAX).map((each) => {
      const { unit, query } = probeOrderOf({ ...(each as object), bus, timeoutMs });
      return { unit, query };
    }),
    timeoutMs: wholeOf("timeoutMs", timeoutMs, PROBE_TIMEOUT_MIN_MS, 120_000),
    isForced: isForced === true,
  };
}

function some(name: string, list: unknown, max: number): readonly unknown[] {
  if (Array.isArray(list) && list.length > 0 && list.length <= max) return list;
  throw new Error(`attune needs 1 to ${max} ${name}`);
}

function settingOf(given: unknown): LineSetting {
  const { baud, format } = (given ?? {}) as Partial<Record<string, unknown>>;
  const known = FORMATS.find((each) => each === format);
  const speed = SPEEDS.find((each) => each === baud);
  if (known === undefined || speed === undefined) {
    throw new Error(`a setting needs a speed of ${SPEEDS} and a format of ${FORMATS}`);
  }
  return { baud: speed, format: known };
}
