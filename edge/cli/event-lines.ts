import type { Lang } from "../core/errors.ts";
import type { Event } from "../core/event.ts";
import type { Value } from "../core/reading.ts";
import { localTime } from "../world/wall-text.ts";
import { wrapped } from "./columns.ts";
import { sayCommand } from "./command-text.ts";
import { formatValue } from "./format.ts";
import { TABLE_WIDTH } from "./named-rows.ts";
import { type RecordTextKey, sayRecord } from "./record-text.ts";
import { RunLog } from "./run-log.ts";

/** Under the first line of an event, as deep as its time is long. */
const INDENT = " ".repeat("2026-11-28 10:00:00  ".length);

/** The gateway's own turns that its log has lines of another kind for. */
const OWN_TURNS: Readonly<Record<string, RecordTextKey>> = {
  start: "gateway-start",
  stop: "gateway-stop",
  "local-command": "local-command",
  "local-configuration": "local-configuration",
  "panel-opened": "panel-opened",
  "panel-locked": "panel-locked",
};

/** How an order can end. */
const OUTCOMES = ["done", "refused", "failed", "unknown"] as const;

/** What only the evidence of a log line names. */
const NO_CONFIG = { alarms: [], devices: [] };

/** Who tells events in lines of at most 80 cells, as the log of the gateway does. */
export function eventTeller(lang: Lang): (event: Event) => readonly string[] {
  return (event) => {
    const said: string[] = [];
    // One log an event: what was told before shapes no other.
    new RunLog({ log: (_, text) => void said.push(text) }, NO_CONFIG, lang).onEvent(event);
    const text = said[0] ?? plain(event, lang);
    const [first = "", ...more] = [text, ...notes(event, lang)].flatMap((line) =>
      wrapped(line, TABLE_WIDTH - INDENT.length),
    );
    return [`${localTime(event.at)}  ${first}`, ...more.map((line) => INDENT + line)];
  };
}

/** What is said of what the log does not tell, or tells otherwise. */
function plain(event: Event, lang: Lang): string {
  if (!("subject" in event)) return event.kind;
  const { kind, subject, from, to, cause, detail = {} } = event;
  const own = kind === "gateway" ? OWN_TURNS[cause] : undefined;
  if (own !== undefined) {
    const came = OUTCOMES.find((outcome) => outcome === detail.outcome);
    return sayRecord(lang, own, {
      ...detail,
      ...(came !== undefined && { outcome: sayCommand(lang, came) }),
    });
  }
  return sayRecord(lang, "turned", { kind, subject, from, to, cause });
}

/** The value that it was about, who did it, and why. */
function notes(event: Event, lang: Lang): readonly string[] {
  const {
    value = null,
    unit = null,
    who,
    reason,
  } = event as Partial<{
    value: Value | null;
    unit: string | null;
    who: string;
    reason: string;
  }>;
  // The line of a document names who made it.
  const named = event.kind === "document" ? undefined : who;
  const actor = named ?? ("detail" in event ? event.detail?.who : undefined);
  const parts = [
    ...(value === null || event.kind === "write" ? [] : [valueText(event, value, unit)]),
    ...(actor === undefined ? [] : [sayRecord(lang, "by", { who: actor })]),
    ...(reason === undefined ? [] : [reason]),
  ];
  return parts.length === 0 ? [] : [parts.join(" · ")];
}

function valueText(event: Event, value: Value, unit: string | null): string {
  const point = "point" in event ? `${event.point} ` : "";
  return `${point}${formatValue(value)}${unit === null ? "" : ` ${unit}`}`;
}
