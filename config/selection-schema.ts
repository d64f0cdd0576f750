import { z } from "zod";
import { SEVERITIES } from "../edge/core/alarm.ts";
import type { Event } from "../edge/core/event.ts";
import { allowed, choice, duration, refuse, section, textLike } from "./fields.ts";

const EVENT_KINDS = [
  "alarm",
  "interlock",
  "document",
  "write",
  "gateway",
  "bus",
  "device",
  "buffer",
  "destination",
  "command",
] as const satisfies readonly Event["kind"][];

/** None of them is missing. */
true satisfies Exclude<Event["kind"], (typeof EVENT_KINDS)[number]> extends never ? true : false;

const PATTERNS = { kind: "patterns" } as const;

function patterns(what: string) {
  const pattern = textLike("pattern", /^[\p{L}\p{N}_.*-]{1,129}$/u);
  return z
    .array(pattern, refuse(PATTERNS))
    .max(200, refuse(PATTERNS))
    .meta(allowed(PATTERNS))
    .optional()
    .describe(what);
}

const kinds = { kind: "choices", values: EVENT_KINDS } as const;

const events = section({
  kinds: z
    .array(choice(EVENT_KINDS), refuse(kinds))
    .meta(allowed(kinds))
    .optional()
    .describe("Only events of these kinds. Default: all."),
  severity: choice(SEVERITIES)
    .optional()
    .describe("Only alarms of at least this severity. Default: all."),
}).meta({ title: "events" });

const select = section({
  points: patterns(
    "Points by their ids, device.point. Each `*` stands for any characters: `gas-*`, `*.gas`; in YAML a text that begins with `*` needs quotes.",
  ),
  devices: patterns("All points of these devices, beside those in points."),
  except: patterns(
    "Points that are left out of what points and devices take; without both, of all.",
  ),
  alarms: patterns(
    "Only the events of these alarms. Default: of all. Other events are not affected.",
  ),
  events: events.optional().describe("Which events are sent. Default: all."),
}).meta({ title: "select" });

/** The keys with which a destination gets a part of all. */
export function selectionShape() {
  return {
    select: select
      .optional()
      .describe(
        "What of all readings and events is sent. Readings have a stream of their own then, with seqs of their own, and so have events where some are selected. Another selection begins a new stream; what waits of the old one is still sent. It is always told what of its own streams had to be given up.",
      ),
    every: duration("1s", "1d")
      .optional()
      .describe(
        "One reading a window of this length for each point: the last, with minimum, maximum, mean and count, sent when the window is over. Windows begin at multiples of it in Unix time. Readings that come late make a second row of their window. Default: every reading.",
      ),
  };
}

/** What a destination says of its selection. */
export type SelectionInput = {
  readonly select?: z.output<typeof select> | undefined;
  readonly every?: number | undefined;
};
