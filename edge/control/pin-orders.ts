import type { BoardPointConfig } from "../../config/gateway-config.ts";
import type { Pins } from "../acquire/pins.ts";
import type { WriteEvent } from "../core/event.ts";
import type { Reading } from "../core/reading.ts";
import type { Clock } from "../core/time.ts";

/** An output of a board, and the way to it. */
export type PinAtHand = { readonly point: BoardPointConfig; readonly pins: Pins };

/** What the board says that `point` is, not measured. */
export async function readPin({ point, pins }: PinAtHand): Promise<Reading> {
  const outcome = await pins.read(point);
  const { at, uptime } = outcome;
  const [told] = outcome.kind === "values" ? outcome.readings : [];
  const reason = outcome.kind === "failure" ? outcome.reason : "no-value";
  return { point: point.id, value: null, quality: `bad:${reason}`, ...told, at, uptime };
}

/** Has an output be `value`, and says what came of it. */
export async function writePin(
  { point, pins }: PinAtHand,
  { value, old, who }: Pick<WriteEvent, "old" | "who"> & { readonly value: boolean },
  clock: Clock,
): Promise<WriteEvent> {
  const outcome = await pins.write(point, value);
  const { kind, at } = outcome;
  return {
    kind: "write",
    point: point.id,
    unit: point.unit,
    old,
    value,
    outcome: kind,
    cause: kind === "done" ? "confirmed" : outcome.reason,
    at,
    clock: clock.state(),
    who,
  };
}
