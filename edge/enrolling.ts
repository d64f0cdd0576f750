import { type Backoff, backoffMs } from "./core/backoff.ts";
import { ERRORS, GatewayError } from "./core/errors.ts";
import type { EnrolmentStatus } from "./core/first-boot.ts";
import { dutyOf, type IdentityKeeper, type IdentityStanding, notOwn } from "./core/identity.ts";
import type { Turn } from "./gateway-event.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import type { World } from "./world.ts";

/** How often an identity that is in order is looked at, in milliseconds. */
const LOOK_MS = 60_000;
/** A hundred gateways that were switched on together must not come together for ever. */
const RETRY: Backoff = { firstMs: 2_000, maxMs: 900_000 };
/** Where a person has to act first, there is time; but a claim may be put right any moment. */
const REFUSED: Backoff = { firstMs: 60_000, maxMs: 3_600_000 };

/** A clock may be put right any moment, and then nothing is in the way. */
const CLOCK: Backoff = { firstMs: 2_000, maxMs: 30_000 };

/** A platform may learn to trust a renewed certificate later than the gateway has it. */
const AGAIN_MS = 86_400_000;

type Parts = {
  readonly world: Pick<World, "clock" | "random">;
  readonly gateway: string;
  readonly keeper: IdentityKeeper;
  readonly tell: (turn: Turn) => void;
  /**
   * The newest certificate is the one with this serial number, or there is none any more (null). Told
   * when that changes, and once a day for whoever did not take it then.
   */
  readonly onRenewed?: (serial: string | null) => void;
};

/**
 * Sees to the gateway's identity for as long as it runs: the first certificate, and each next one at
 * half of the life of the one before. It holds up nothing: whatever fails is tried again.
 */
export class Enrolling {
  readonly #parts: Parts;
  readonly #signal: AbortSignal;
  #state: IdentityStanding["state"] | null = null;
  #secrets: IdentityStanding["secrets"] = null;
  #failures = 0;
  #failed: GatewayError | null = null;
  /** Serial number of the certificate that was handed over last, and when, by the uptime. */
  #handed: { readonly serial: string | null; readonly at: number } | null = null;

  constructor(parts: Parts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** How it stands, by the latest look. */
  status(): EnrolmentStatus {
    const { code = null, message = null } = this.#failed ?? {};
    return { state: this.#state ?? "none", cause: code, why: message, secrets: this.#secrets };
  }

  /** Until the signal aborts; rejects with its reason. */
  async run(): Promise<void> {
    const { clock, random } = this.#parts.world;
    while (!this.#signal.aborted) {
      const error = await this.#look();
      this.#failures = error === null ? 0 : this.#failures + 1;
      const isLate = error?.code === "enrol.clock";
      const pause = isLate ? CLOCK : error?.remedy === "operator" ? REFUSED : RETRY;
      const waitMs = error === null ? LOOK_MS : backoffMs(pause, this.#failures, random());
      await clock.sleep(waitMs, this.#signal);
    }
    throw this.#signal.reason;
  }

  /** Does what is to be done now; returns why it was not, or null. */
  async #look(): Promise<GatewayError | null> {
    const { keeper, world } = this.#parts;
    try {
      const standing = keeper.standing();
      this.#noteEnd(standing.state);
      this.#secrets = standing.secrets;
      const trouble = notOwn(standing);
      if (trouble !== null) throw trouble;
      // Whoever shows one that was ended by hand is told before a new one is asked for.
      this.#handOver(standing);
      const isKnown = world.clock.state() !== "unsynced";
      const duty = dutyOf(standing, isKnown ? world.clock.now() : null);
      if (duty === "enrol") await keeper.enrol(this.#signal);
      if (duty === "renew") await keeper.renew(this.#signal);
      this.#told(keeper.standing(), duty);
      this.#handOver(keeper.standing());
      return null;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (!this.#signal.aborted) this.#fails(error);
      return error;
    }
  }

  #handOver({ next, current }: IdentityStanding): void {
    const now = this.#parts.world.clock.uptime();
    const serial = (next ?? current)?.serial ?? null;
    const before = this.#handed ?? { serial: null, at: now };
    if (before.serial === serial && now - before.at < AGAIN_MS) return;
    this.#handed = { serial, at: now };
    this.#parts.onRenewed?.(serial);
  }

  /** Somebody may have ended it, or begun another, while the gateway runs. */
  #noteEnd(state: IdentityStanding["state"]): void {
    const from = this.#state ?? state;
    this.#state = state;
    const isGone = state === "none" || state === "requested";
    if (from === "enrolled" && isGone) this.#turn(from, state, "ended", {});
    // What comes by another way is told below, as what is asked for is.
    else if (state === "enrolled") this.#state = from;
  }

  #told({ state, current, next }: IdentityStanding, duty: "enrol" | "renew" | "rest"): void {
    const from = this.#state ?? "none";
    this.#failed = null;
    this.#state = state;
    const term = next ?? current;
    if (term === null || (duty === "rest" && from === state)) return;
    const cause = duty === "renew" ? "renewed" : "enrolled";
    const detail = { certificate: term.serial, validTo: term.validTo };
    this.#turn(from, state, cause, detail);
  }

  /** The same cause again is not told again. */
  #fails(error: GatewayError): void {
    const { code, message } = error;
    const before = this.#failed?.code;
    this.#failed = error;
    if (before === code) return;
    const state = this.#state ?? "none";
    this.#turn(state, state, code, { why: message, todo: ERRORS[code].advice.en });
  }

  #turn(from: string, to: string, cause: string, detail: Turn["detail"] & object): void {
    const { gateway, tell } = this.#parts;
    tell({ kind: "gateway", subject: gateway, from, to, cause, detail });
  }
}

/** The loop that sees to the identity of a gateway; none where there is nobody to ask. */
export function enrollingOf(
  { world, config, identity }: Pick<GatewayParts, "world" | "config" | "identity">,
  tell: (turn: Turn) => void,
  signal: AbortSignal,
  onRenewed: (serial: string | null) => void,
): Enrolling | null {
  if (identity === undefined) return null;
  return new Enrolling(
    { world, gateway: config.gateway.id, keeper: identity, tell, onRenewed },
    signal,
  );
}
