import { TRACE_MAX, type Trace } from "../control/trace.ts";
import { GatewayError } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import { isUnanswered } from "../world/control-socket.ts";

/** How often the gateway is asked for more, in milliseconds. */
const ASK_EVERY_MS = 200;

/** How often a gateway that is gone is looked for, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** What comes of asking: records, or that the gateway is gone, told once until it is back. */
export type Part = { readonly kind: "records"; readonly trace: Trace } | { readonly kind: "gone" };

/** Where a trace begins, null being now, and how long it lasts. */
export type Span = { readonly from: number | null; readonly lastsMs: number };

/**
 * Asks a gateway for its records again and again, until `end` aborts or the time is over, and
 * then once more. A gateway that goes away is waited for; what the one that comes back has recorded
 * is told from its beginning. Throws what `ask` throws at first, and `GatewayError` `trace.bus`
 * where it gives null: the running gateway records no such bus.
 */
export async function* follow(
  ask: (from: number | null) => Promise<unknown>,
  clock: Clock,
  { from: first, lastsMs }: Span,
  end: AbortSignal,
): AsyncGenerator<Part> {
  const until = clock.uptime() + lastsMs;
  let from = first;
  let gateway: Trace["since"] | null = null;
  let isGone = false;
  for (;;) {
    const isOver = end.aborted || clock.uptime() >= until;
    const trace = await ask(from).catch((error) => {
      if (gateway === null || !isUnanswered(error)) throw error;
      return "gone" as const;
    });
    if (trace === null) {
      throw new GatewayError(
        "trace.bus",
        "its configuration is another, or it is of another release",
      );
    }
    if (trace === "gone") {
      if (!isGone) yield { kind: "gone" };
      isGone = true;
      if (isOver) return;
      await clock.sleep(LOOK_EVERY_MS, end).catch(() => {});
      continue;
    }
    isGone = false;
    const { since, next, records } = trace as Trace;
    const isAnother = gateway !== null && since !== gateway;
    gateway = since;
    from = isAnother ? 0 : next;
    if (isAnother) continue;
    yield { kind: "records", trace: trace as Trace };
    if (records.length >= TRACE_MAX) continue;
    if (isOver) return;
    await clock.sleep(ASK_EVERY_MS, end).catch(() => {});
  }
}
