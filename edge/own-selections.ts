import type { GatewayConfig } from "../config/gateway-config.ts";
import type { QueueRule } from "./core/queue.ts";
import type { OwnStreamsParts, SelectingDestination } from "./own-streams.ts";

/** How long after its acquisition a reading may take to the queue of a commit, in milliseconds. */
const READ_WITHIN_MS = 1_000;

/** Which destinations have which streams of their own. */
export function queueRules({ destinations }: Pick<GatewayConfig, "destinations">): QueueRule[] {
  return selecting(destinations).flatMap(({ name, selection }) =>
    (["readings", "events"] as const).flatMap((kind) => {
      const rule = selection[kind]?.rule;
      return rule === undefined ? [] : [{ destination: name, kind, rule }];
    }),
  );
}

/** What is selected for them. */
export function selectingParts({
  destinations,
  buffer: { commitMs, commitMsOf },
}: Pick<GatewayConfig, "destinations" | "buffer">): OwnStreamsParts {
  return {
    destinations: selecting(destinations),
    lateMsOf: (points) => {
      const intervals = Array.from(points, (point) => commitMsOf.get(point) ?? commitMs);
      return Math.max(commitMs, ...intervals) + READ_WITHIN_MS;
    },
  };
}

/** Not every kind of destination has a selection; Sparkplug has no seqs of its own to number. */
function selecting(destinations: GatewayConfig["destinations"]): readonly SelectingDestination[] {
  return destinations.flatMap((each) =>
    "selection" in each && (each.kind === "http" || each.format !== "sparkplug") ? [each] : [],
  );
}
