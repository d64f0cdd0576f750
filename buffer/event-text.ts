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
    // Few have such an integer, and to look at each part takes most of the time.
    const hasBig = text.includes(`"${BIG}"`);
    const event: unknown = hasBig ? JSON.parse(text, withBig) : JSON.parse(text);
    return isEvent(event) ? event : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

/** `part` of an event, or the integer that its digits stand for. */
function withBig(_: string, part: unknown): unknown {
  const isBig = part !== null && typeof part === "object" && BIG in part;
  return isBig && typeof part[BIG] === "string" ? BigInt(part[BIG]) : part;
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
