import type { ReadOutcome, ReadRequest } from "../../drivers/driver.ts";
import type { Reason } from "../core/reading.ts";
import type { Clock, UptimeMs } from "../core/time.ts";
import { heardIn } from "./hearing.ts";
import { HeldBack } from "./held-back.ts";
import { Isolation, type IsolationSettings } from "./isolation.ts";
import type { RequestTurn } from "./unanswered.ts";
import type { Failure, HealthTurn } from "./unit-health.ts";

/** What keeps a device that answers from being read whole. */
export type Impairment =
  /** It gives no answer, or none that can be believed, where this is asked; `reason` is the last. */
  | { readonly kind: "unanswered"; readonly request: ReadRequest; readonly reason: Reason }
  /** It is left alone, because frames come from it that answer nothing: somebody else asks it. */
  | { readonly kind: "disturbed" };

export type BusHealthParts = {
  readonly clock: Clock;
  readonly requests: readonly ReadRequest[];
  /** Whether an alarm watches a point of a request. */
  readonly isWatched: (request: ReadRequest) => boolean;
  readonly isolation: IsolationSettings;
  /** A device began or ceased to answer. */
  readonly onDeviceTurn: (device: string, to: "answering" | "silent") => void;
  /** A device that answers is impaired, or is so no more. */
  readonly onImpaired: (device: string, impairment: Impairment, isOver: boolean) => void;
  /** Something on the line answers. */
  readonly onLineWell: () => void;
  /** Nothing on the line answers any more. */
  readonly onLineSuspect: () => void;
};

/** A request that has ended. */
export type Ended = {
  readonly request: ReadRequest;
  readonly outcome: ReadOutcome;
  readonly from: UptimeMs;
  /** Its unit is left alone until then. */
  readonly heldUntil: UptimeMs;
};

/** So many requests in a row that came to nothing say that a unit does not answer. */
const DEAF_AFTER = 3;

/** What the outcomes of all requests say of the devices and the line, and who is told. */
export class BusHealth {
  readonly isolation: Isolation;
  readonly #parts: BusHealthParts;
  readonly #heldBack = new HeldBack();
  /** How many requests to each unit came to nothing since it last answered. */
  readonly #vain = new Map<number, number>();

  constructor(parts: BusHealthParts) {
    const { requests, isWatched, isolation, clock } = parts;
    this.#parts = parts;
    this.isolation = new Isolation(requests, isWatched, isolation, clock.uptime());
  }

  /** Devices that do not answer. */
  get silent(): readonly string[] {
    return this.#devices((unit) => this.isolation.isSilent(unit));
  }

  /** Devices that are left alone because of frames that answer nothing. */
  get disturbed(): readonly string[] {
    const units = new Set(this.#heldBack.disturbed);
    return this.#devices((unit) => units.has(unit));
  }

  /** Whether nobody has answered anything for some requests. */
  get isDeaf(): boolean {
    const units = new Set(this.#parts.requests.map(({ unit }) => unit));
    return [...units].every((unit) => (this.#vain.get(unit) ?? 0) >= DEAF_AFTER);
  }

  #devices(isMeant: (unit: number) => boolean): readonly string[] {
    const some = this.#parts.requests.filter(({ unit }) => isMeant(unit));
    return [...new Set(some.map(({ device }) => device))];
  }

  /** A request has ended, as late as now. */
  note({ request, outcome, from, heldUntil }: Ended): void {
    const { unit, device, everyMs, pace } = request;
    const at = this.#parts.clock.uptime();
    const costMs = at - from;
    const heard = heardIn(outcome);
    const reason = outcome.kind === "failure" && heard !== "unit" ? outcome.reason : null;
    this.#vain.set(unit, reason === null ? 0 : (this.#vain.get(unit) ?? 0) + 1);
    const isQuiet = this.#heldBack.asked(unit, reason, heldUntil, at);
    if (isQuiet) this.#parts.onImpaired(device, { kind: "disturbed" }, true);
    if (reason === null) {
      this.#parts.onLineWell();
      const turns = this.isolation.answered(request, at);
      this.#tell(device, turns.unit);
      for (const turn of turns.requests) this.#tellOf(turn);
      return;
    }
    const failure: Failure = {
      everyMs,
      costMs,
      heldMs: Math.max(0, heldUntil - from),
      at,
      reason: heard === "nobody" ? "timeout" : reason,
    };
    const isSilence = heard === "gateway" || reason === "timeout";
    // Noise makes no unit silent, but a silent one that gives noise is as good as silent.
    const isTried = heard === "noise" && this.isolation.isSilent(unit);
    const isLong = costMs >= (pace?.timeoutMs ?? this.#parts.isolation.timeoutMs);
    if (!isSilence && !isTried && !isLong) {
      // What holds its unit back keeps the others waiting, and a probe is not to go again at once.
      const isCostly = heldUntil > at || this.isolation.isSuspect(request);
      if (heard === "noise" && isCostly) this.isolation.heardInVain(request, failure);
      return;
    }
    this.#tell(device, this.isolation.failed(request, failure));
    if (heard === "gateway") {
      this.#parts.onLineWell();
      this.isolation.lineAnswered();
    } else if (this.isolation.isLineSuspect) this.#parts.onLineSuspect();
  }

  /** What readings of `request` tell that are given up, its unit being left alone until then. */
  gaveUpHeld({ unit, device }: ReadRequest, heldUntil: UptimeMs): Reason {
    const isTurn = this.#heldBack.gaveUp(unit, heldUntil, this.#parts.clock.uptime());
    if (isTurn) this.#parts.onImpaired(device, { kind: "disturbed" }, false);
    return this.#heldBack.reasonOf(unit, heldUntil);
  }

  #tell(device: string, turn: HealthTurn): void {
    if (turn !== null) this.#parts.onDeviceTurn(device, turn);
  }

  #tellOf({ request, to }: RequestTurn): void {
    const reason = this.isolation.reasonOf(request);
    const impairment = { kind: "unanswered", request, reason } as const;
    this.#parts.onImpaired(request.device, impairment, to === "answering");
  }
}
