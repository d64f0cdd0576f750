import type { Clock, UptimeMs, WallMs } from "../core/time.ts";
import type { Outgoing, Uplink } from "../core/uplink.ts";
import { type GatewayState, statusPayload, topicOf } from "./mqtt-json.ts";

export type PresenceParts = {
  readonly clock: Clock;
  readonly gateway: string;
  readonly release: string;
  readonly fingerprint: string;
  /** What is signed of the version; null where there is no identity to sign it by. */
  readonly proof?: () => string | null;
  /** False of a platform that has no place for it. */
  readonly isTold: boolean;
};

/** What a platform is told of the gateway being there, session by session. */
export class Presence {
  readonly #parts: PresenceParts;
  /** Whether the platform does not know yet that the gateway is online. */
  #owesOnline = false;
  #isSaying = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** Whether it is owed to say that the gateway is online. */
  get isOwed(): boolean {
    return this.#owesOnline;
  }

  /** Whether that is said and not answered. */
  get isSaying(): boolean {
    return this.#isSaying;
  }

  /** What is published when a session dies; null for nothing. */
  will(): Outgoing | null {
    return this.#parts.isTold ? this.#message("offline", null) : null;
  }

  /** What it says of itself has changed: that is owed again. */
  restate(): void {
    this.#owesOnline = this.#parts.isTold;
  }

  /** A new session begins: nobody was told anything in it. */
  restart(): void {
    this.#owesOnline = this.#parts.isTold;
    this.#isSaying = false;
  }

  /** Says that the gateway is online; resolves whether that was taken. */
  async sayOnline(uplink: Uplink): Promise<boolean> {
    this.#owesOnline = false;
    this.#isSaying = true;
    // The broker keeps the status: nobody needs to be there to take it.
    const outcome = await uplink.publish(this.#message("online"));
    this.#isSaying = false;
    this.#owesOnline = outcome === "failed";
    return outcome !== "failed";
  }

  /** Says goodbye and leaves, by `endBy`; who does not answer in time is left to the will. */
  async sayGoodbye(uplink: Uplink, endBy: UptimeMs): Promise<void> {
    const { clock, isTold } = this.#parts;
    const leftMs = Math.max(0, endBy - clock.uptime());
    const said = new AbortController();
    const patience = clock.sleep(leftMs, said.signal).catch(() => {});
    const farewell = (isTold ? uplink.publish(this.#message("offline")) : Promise.resolve())
      .then(() => uplink.close())
      .then(() => said.abort());
    await Promise.race([farewell, patience]);
    if (!said.signal.aborted) uplink.abandon();
  }

  #message(state: GatewayState["state"], since: WallMs | null = this.#parts.clock.now()): Outgoing {
    const { gateway, release, fingerprint } = this.#parts;
    const said = { gateway, state, since, release, configuration: fingerprint };
    const proof = state === "online" ? (this.#parts.proof?.() ?? null) : null;
    const payload = statusPayload({ ...said, ...(proof !== null && { proof }) });
    return { topic: topicOf(gateway, "status"), payload, retain: true };
  }
}
