import { after, type UptimeMs } from "../../core/time.ts";
import { isAnswerTo } from "./answers.ts";
import type { Packet } from "./packet.ts";

/** How an answer is waited for (HJ 212-2017, table 1). */
export type Patience = {
  readonly timeoutMs: number;
  /** How often a packet goes again. */
  readonly repeats: number;
};

/** Packets of one message, each of which goes when the one before it was answered. */
export type Exchange = {
  readonly packets: readonly Packet[];
  /** Which of them is under way. */
  readonly index: number;
  /** How often that went again. */
  readonly repeated: number;
  readonly sentAt: UptimeMs;
};

/** `packets`, at least one, each with a QN of its own; the first is sent now. */
export function beginExchange(packets: readonly Packet[], now: UptimeMs): Exchange {
  return { packets, index: 0, repeated: 0, sentAt: now };
}

/** The packet that is under way. */
export function underWay({ packets, index }: Exchange): Packet {
  return packets[index] as Packet;
}

/** What became of an exchange: `next` is to be sent; `done` where all is answered. */
export type Progress = Exchange | "done";

/** `heard` is the centre's; null where it does not answer the packet under way. */
export function answered(exchange: Exchange, heard: Packet, now: UptimeMs): Progress | null {
  if (heard.cn !== "9014" && heard.cn !== "9013") return null;
  if (!isAnswerTo(heard, underWay(exchange))) return null;
  return following(exchange, now);
}

/** The packet under way wants no answer: it counts as answered once it is sent. */
export function following(exchange: Exchange, now: UptimeMs): Progress {
  const index = exchange.index + 1;
  if (index === exchange.packets.length) return "done";
  return { ...exchange, index, repeated: 0, sentAt: now };
}

/** When something is to be done although nobody answers. */
export function dueAt({ sentAt }: Exchange, { timeoutMs }: Patience): UptimeMs {
  return after(sentAt, timeoutMs);
}

/**
 * The exchange with its packet sent again, under the same QN; `lost` where that was done often
 * enough: the connection counts as lost (HJ 212-2017, 6.6).
 */
export function repeated(
  exchange: Exchange,
  { repeats }: Patience,
  now: UptimeMs,
): Exchange | "lost" {
  if (exchange.repeated >= repeats) return "lost";
  return { ...exchange, repeated: exchange.repeated + 1, sentAt: now };
}
