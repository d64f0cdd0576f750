import type { AlarmOrder } from "../alarm/alarm-order.ts";
import { alarmOrderOf } from "../control/alarm-orders.ts";
import { messageOf } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import type { AlarmActionOutcome } from "../running-gateway.ts";
import { isSameSecret } from "../world/token.ts";
import { LOCK_MS, PinGuard } from "./pin-guard.ts";
import { Sessions } from "./sessions.ts";

/** What came of what a page asked for: `why` says it where it was not done. */
export type Done = {
  readonly status: number;
  readonly why?: string;
  readonly outcome?: AlarmActionOutcome;
  /** How long to wait before the next attempt, in milliseconds. */
  readonly forMs?: number;
  readonly cookie?: string;
};

/** `none`: nobody may act; `closed`: whoever types the PIN may; `open`: this browser may. */
export type SessionState = "none" | "closed" | "open";

export type DeskParts = {
  readonly clock: Clock;
  /** The PIN as it is now; null where there is none. Rejects where it cannot be read. */
  readonly pin: (() => Promise<string>) | null;
  readonly act: (alarm: string, order: AlarmOrder) => Promise<AlarmActionOutcome>;
  /** Tells an event of the page: who, and what they did. */
  readonly tell: (cause: PanelCause, detail: Readonly<Record<string, string | number>>) => void;
  readonly onFailure: (why: string) => void;
};

/** What is told of the page: somebody may act there; or has typed too many wrong PINs. */
export type PanelCause = "panel-opened" | "panel-locked";

const KINDS = ["acknowledge", "shelve"] as const;

/** Lets in who knows the PIN, and does for them with alarms what the page offers. */
export class Desk {
  readonly #parts: DeskParts;
  readonly #guard = new PinGuard();
  readonly #sessions = new Sessions();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  session(cookies: string | undefined, address: string): SessionState {
    if (this.#parts.pin === null) return "none";
    const now = this.#parts.clock.uptime();
    return this.#sessions.has(cookies, address, now) ? "open" : "closed";
  }

  async signIn(pin: unknown, address: string): Promise<Done> {
    const { clock, tell, onFailure } = this.#parts;
    if (this.#parts.pin === null) return { status: 403, why: "no-pin" };
    const lock = this.#guard.lock(address, clock.uptime());
    if (lock !== null) return { status: 429, why: "locked", forMs: Math.ceil(lock.forMs) };
    if (typeof pin !== "string" || pin === "") return { status: 400, why: "pin" };
    // Counted before anything is waited for: many at once are as many attempts.
    const isLocked = this.#guard.wrong(address, clock.uptime());
    const who = nameOf(address);
    let right: string;
    try {
      right = await this.#parts.pin();
    } catch (error) {
      this.#guard.forgive(address);
      onFailure(messageOf(error));
      return { status: 503, why: "pin-unreadable" };
    }
    if (isSameSecret(pin, right)) {
      this.#guard.forgive(address);
      tell("panel-opened", { who });
      return { status: 200, cookie: this.#sessions.open(address, clock.uptime()) };
    }
    if (!isLocked) return { status: 403, why: "pin" };
    tell("panel-locked", { who, minutes: LOCK_MS / 60_000 });
    return { status: 429, why: "locked", forMs: LOCK_MS };
  }

  signOut(cookies: string | undefined): Done {
    return { status: 200, cookie: this.#sessions.close(cookies) };
  }

  async act(
    given: Readonly<Record<string, unknown>>,
    cookies: string | undefined,
    address: string,
  ): Promise<Done> {
    const { clock, act } = this.#parts;
    if (!this.#sessions.has(cookies, address, clock.uptime(), true)) {
      return { status: 401, why: "session" };
    }
    const kind = KINDS.find((each) => each === given.kind);
    if (kind === undefined) return { status: 400, why: "kind" };
    let asked: ReturnType<typeof alarmOrderOf>;
    try {
      asked = alarmOrderOf(kind, { ...given, who: nameOf(address) });
    } catch {
      return { status: 400, why: "order" };
    }
    const outcome = await act(asked.alarm, asked.order);
    return { status: outcome === "done" ? 200 : 409, outcome };
  }
}

/** Who acts: the page cannot know more of anybody than where they are. */
function nameOf(address: string): string {
  return `panel:${address}`;
}
