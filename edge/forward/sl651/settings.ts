import type { Sl651Destination } from "../../../config/centre-config.ts";
import type { Part } from "./body.ts";
import { leadText } from "./digits.ts";
import type { Encoding } from "./header.ts";
import { type Head, parameterValue } from "./values.ts";

/** What a centre may set, as it is now: parameters 20 and 21. */
export type Settings = {
  /** Between two timed reports, in hours; null for none. */
  readonly timedH: number | null;
  /** Between two extra reports, in milliseconds; null for none. */
  readonly extraMs: number | null;
};

const TIMED = 0x20;
const EXTRA = 0x21;
/** The intervals of timed reports, in hours (SL 651-2014, table D.1, 20H); 0 is none. */
const HOURS: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 12, 24];

/** What holds until the centre sets something else. */
export function settingsOf({ timedH, extraMs }: Sl651Destination): Settings {
  return { timedH, extraMs };
}

/** `settings` with what a centre writes; what it may not write, or has no such value, is `refused`. */
export function written(
  encoding: Encoding,
  settings: Settings,
  parts: readonly Part[],
): { readonly settings: Settings; readonly refused: boolean } {
  let [now, refused] = [settings, false];
  for (const part of parts) {
    if (part.kind !== "parameter") continue;
    const next = withParameter(encoding, now, part.head, part.raw);
    refused ||= next === null;
    now = next ?? now;
  }
  return { settings: now, refused };
}

function withParameter(
  encoding: Encoding,
  settings: Settings,
  head: Head,
  raw: string,
): Settings | null {
  const read = parameterValue(encoding, head, raw);
  if (read.kind !== "number") return null;
  const { value } = read;
  if (head.lead === TIMED && HOURS.includes(value)) {
    return { ...settings, timedH: value === 0 ? null : value };
  }
  const isMinutes = Number.isInteger(value) && value >= 0 && value <= 59;
  if (head.lead !== EXTRA || !isMinutes) return null;
  return { ...settings, extraMs: value === 0 ? null : value * 60_000 };
}

/** The parameters that the heads of `parts` name, as they are; those that are unknown are left out. */
export function parameterParts(
  encoding: Encoding,
  settings: Settings,
  parts: readonly Part[],
): readonly Part[] {
  return parts.flatMap((part) => {
    const lead = part.kind === "identifier" || part.kind === "parameter" ? part.head.lead : null;
    if (lead === TIMED) return [parameter(encoding, TIMED, settings.timedH ?? 0)];
    if (lead === EXTRA)
      return [parameter(encoding, EXTRA, Math.round((settings.extraMs ?? 0) / 60_000))];
    return [];
  });
}

function parameter(encoding: Encoding, lead: number, value: number): Part {
  const length = encoding === "hex" ? 1 : 0;
  const head: Head = { lead, tag: leadText(lead), length, decimals: 0 };
  return { kind: "parameter", head, raw: String(value).padStart(2, "0") };
}
