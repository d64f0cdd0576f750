import type { Event } from "../edge/core/event.ts";

/**
 * `event` as it is stored. JSON has no integers beyond 2^53 that come back whole: they are stored
 * as their digits.
 */
export function eventText(event: Event): string {
  return JSON.stringify(event, (_, part) =>
    typeof part === "bigint" ? { [BIG]: String(part) } : part,
  );
}

/** The event that `eventText` wrote; null where `text` is none. */
export function eventOf(text: string): Event | null {
  try {
    const event: unknown = JSON.parse(text, (_, part) =>
      part !== null && typeof part === "object" && typeof part[BIG] === "string"
        ? BigInt(part[BIG])
        : part,
    );
    return isEvent(event) ? event : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isEvent(parsed: unknown): parsed is Event {
  if (parsed === null || typeof parsed !== "object" || !("kind" in parsed)) return false;
  return typeof parsed.kind === "string" && Object.hasOwn(EVENT_KINDS, parsed.kind);
}

const EVENT_KINDS: Readonly<Record<Event["kind"], true>> = {
  alarm: true,
  write: true,
  interlock: true,
  document: true,
  gateway: true,
  bus: true,
  device: true,
  buffer: true,
  destination: true,
  command: true,
};

const BIG = "bigint";
