import { type MaintenanceWindow, WEEKDAYS } from "../edge/core/maintenance.ts";
import { caOf, type DestinationContext, follow } from "./destination-keys.ts";
import type { Draft } from "./salvage.ts";
import type { UpdateConfig } from "./update-config.ts";

type WindowInput = NonNullable<Draft["config"]["update"]>["windows"][number];

/** Where new releases come from, and when they may be installed; null where nothing is said. */
export function resolveUpdate(draft: Draft, context: DestinationContext): UpdateConfig | null {
  const { update } = draft.config;
  if (update === undefined) return null;
  const { findings } = context;
  const urls = (update.urls ?? []).map((each, index) => {
    const path = ["update", "urls", index];
    const url = follow(each, path, context);
    const scheme = URL.parse(url ?? "")?.protocol ?? "";
    if (url !== null && !/^https?:$/.test(scheme)) findings.add("url-not-http", null, path);
    return url ?? "";
  });
  if (update.auto !== "off" && update.urls === undefined && !draft.mayHave(["update"], "urls")) {
    findings.add("update-from-nowhere", { auto: update.auto }, ["update", "auto"]);
  }
  return {
    urls,
    ca: caOf(update, ["update"], context),
    hardware: update.hardware ?? null,
    channel: update.channel,
    auto: update.auto,
    windows: update.windows.map(windowOf),
    healthWindowMs: update.healthWindow,
    bytesPerS: update.rate ?? null,
    monthlyBytes: update.budget ?? (update.metered ? 0 : null),
    jitterMs: update.jitter,
  };
}

function windowOf({ days, from, to }: WindowInput): MaintenanceWindow {
  return { days: days ?? WEEKDAYS, fromMin: minuteOf(from), toMin: minuteOf(to) };
}

/** The minute of the day that a text such as `2:30` is. */
function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
