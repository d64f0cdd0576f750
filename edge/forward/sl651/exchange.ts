import { after, type UptimeMs } from "../../core/time.ts";
import { isAnswerTo } from "./answers.ts";
import type { Frame } from "./header.ts";

/** How often a report, or one packet of it, goes again (SL 651-2014, 6.3.1.2). */
const REPEATS = 2;

/** A report under way, in as many packets as it needs, which are confirmed together: M2 or M3. */
export type Exchange = {
  readonly packets: readonly Frame[];
  /** How often all of it went again. */
  readonly repeated: number;
  /** How often each packet was asked for again, by its index. */
  readonly asked: ReadonlyMap<number, number>;
  readonly sentAt: UptimeMs;
};

/** `packets`, at least one, are sent now. */
export function beginExchange(packets: readonly Frame[], now: UptimeMs): Exchange {
  return { packets, repeated: 0, asked: new Map(), sentAt: now };
}

/** What follows: frames to send, with the exchange that goes on, or its end. */
export type Move =
  | { readonly kind: "done" | "lost" }
  | { readonly kind: "again"; readonly exchange: Exchange; readonly frames: readonly Frame[] };

/** `heard` came from the centre; null where it does not belong to the exchange. */
export function answered(exchange: Exchange, heard: Frame, now: UptimeMs): Move | null {
  const [first] = exchange.packets;
  if (first === undefined || !isAnswerTo(heard, first)) return null;
  switch (heard.end) {
    case "EOT":
    case "ESC":
    case "ACK":
      return { kind: "done" };
    case "NAK":
      return resent(exchange, heard.packet?.index ?? 1, now);
    default:
      return null;
  }
}

/** When something is to be done although nobody answers. */
export function dueAt({ sentAt }: Exchange, timeoutMs: number): UptimeMs {
  return after(sentAt, timeoutMs);
}

/** Nobody answered in time: all of it goes again, under its serial number, or is lost. */
export function repeated(exchange: Exchange, now: UptimeMs): Move {
  if (exchange.repeated >= REPEATS) return { kind: "lost" };
  const again = { ...exchange, repeated: exchange.repeated + 1, sentAt: now };
  return { kind: "again", exchange: again, frames: exchange.packets };
}

/** One packet that was asked for goes again, as the last of what is sent (table 19). */
function resent(exchange: Exchange, index: number, now: UptimeMs): Move | null {
  const packet = exchange.packets[index - 1];
  const count = (exchange.asked.get(index) ?? 0) + 1;
  if (packet === undefined) return null;
  if (count > REPEATS) return { kind: "lost" };
  const asked = new Map([...exchange.asked, [index, count]]);
  const frames = [{ ...packet, end: "ETX" as const }];
  return { kind: "again", exchange: { ...exchange, asked, sentAt: now }, frames };
}
