import type { WriteOrder } from "../../control/field-orders.ts";
import { messageOf } from "../../core/errors.ts";
import type { UptimeMs } from "../../core/time.ts";
import type { Turn } from "../../gateway-event.ts";
import type { World } from "../../world.ts";
import type { Order, RefusedWhy } from "./commands.ts";

export type OrdersParts = {
  readonly world: Pick<World, "clock">;
  readonly destination: { readonly name: string };
  /** Writes a point as `lifeline write` does; rejects, saying why, where nothing was sent. */
  readonly write: (order: WriteOrder) => Promise<unknown>;
  /** Stores and tells `turn`. */
  readonly tell: (turn: Turn) => void;
};

/** So many orders may wait for the ones before them. */
const WAITING_MAX = 32;
/** The same refusal is told once in this time, in milliseconds. */
const TELL_EVERY_MS = 60_000;
/** So many different refusals are told in that time. */
const TOLD_MAX = 20;

/**
 * What a host wants written, one after the other in its order, in the destination's name. What is
 * refused is told as an event; what is written is told by the write itself.
 */
export class Orders {
  readonly #parts: OrdersParts;
  readonly #who: string;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  /** When each refusal was last told. */
  readonly #told = new Map<string, UptimeMs>();

  constructor(parts: OrdersParts, who: string) {
    this.#parts = parts;
    this.#who = who;
  }

  /** Takes one order. Never throws. */
  take(order: Exclude<Order, { readonly kind: "rebirth" }>): void {
    if (order.kind === "refused") this.#refuse(order.what, order.why);
    else if (this.#waiting >= WAITING_MAX) this.#refuse(order.point, "too-many");
    else {
      this.#waiting++;
      this.#last = this.#last.then(() => this.#write(order));
    }
  }

  async #write({ point, value }: Extract<Order, { readonly kind: "write" }>): Promise<void> {
    try {
      await this.#parts.write({ point, value, who: this.#who });
    } catch (error) {
      this.#refuse(point, messageOf(error));
    } finally {
      this.#waiting--;
    }
  }

  #refuse(what: string, cause: RefusedWhy | (string & {})): void {
    const { world, destination, tell } = this.#parts;
    const now = world.clock.uptime();
    for (const [key, at] of this.#told) if (now - at >= TELL_EVERY_MS) this.#told.delete(key);
    const key = `${what} ${cause}`;
    if (this.#told.has(key) || this.#told.size >= TOLD_MAX) return;
    this.#told.set(key, now);
    const turn = { kind: "destination", subject: destination.name, from: "connected" } as const;
    tell({ ...turn, to: "command-refused", cause, detail: { what } });
  }
}
