import type { CommandKey, CommandMemory, PendingUpdate } from "../core/command.ts";
import { after, type Clock, type UptimeMs } from "../core/time.ts";
import type { Turn } from "../gateway-event.ts";
import { type Claims, readClaims, refusalAsOld, refusalOf } from "./claims.ts";
import { type Refusal, readEnvelope, refused } from "./envelope.ts";
import {
  concluded,
  delivered,
  ended,
  hasRoom,
  newMemory,
  ordered,
  taken,
  underConfiguration,
} from "./memory.ts";
import { type Order, readOrder } from "./order.ts";
import { answerTo, type Done, resultOf } from "./result.ts";
import { digestOf, isSignedBy } from "./signature.ts";

export type CommandDeskParts = {
  readonly clock: Clock;
  readonly gateway: string;
  /** Fingerprint of the configuration. */
  readonly configuration: string;
  readonly keys: readonly CommandKey[];
  /** The destinations that may send commands. */
  readonly destinations: ReadonlySet<string>;
  /** What was remembered when the gateway started; null where nothing was. */
  readonly remembered: CommandMemory | null;
  /** Stores what is to be remembered; resolves false where the disk does not take it in time. */
  readonly store: (memory: CommandMemory) => Promise<boolean>;
  /** Does what `order` says, in the name of `who`, unless `isStillGood` says no before it acts. */
  readonly carryOut: (order: Order, who: string, isStillGood: () => boolean) => Promise<Done>;
  /** Stores and tells an event. */
  readonly tell: (turn: Turn) => void;
  /** Limits the backlog of a destination; false where there is none whose backlog has a rate. */
  readonly setRate: (destination: string, perS: number | null) => boolean;
  /** There is something to send to a destination. */
  readonly onOwed: (destination: string) => void;
  /** The release that the command with this id ordered, if it did; left out where none can be. */
  readonly orderedBy?: (id: string) => string | null;
};

/** What a destination is to be sent; `id` is null for an answer that is sent once at best. */
export type Owed = { readonly id: string | null; readonly payload: string };

/** The most commands that wait for the one before them. */
const WAITING_MAX = 8;
/** The most answers that wait to be sent to one destination, which are remembered nowhere. */
const ANSWERS_MAX = 8;
/** Of what nobody is known to have signed, the same refusal makes one event in so many milliseconds. */
const QUIET_MS = 60_000;

/**
 * Takes signed commands, from wherever they come, one after the other. That a command came is stored
 * before it acts, and its result before that is sent: it acts once or not at all, whatever is cut
 * off in between, and what is not known then is told as unknown.
 */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  readonly #since: UptimeMs;
  readonly #answers = new Map<string, string[]>();
  /** Ids of commands whose result the disk is being given: nobody is told what may be forgotten. */
  readonly #storing = new Set<string>();
  readonly #refusals = new Map<string, { readonly at: UptimeMs; readonly times: number }>();
  #memory: CommandMemory | null;
  #waiting = 0;
  /** Settles when the command before is done with. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
    this.#since = parts.clock.uptime();
    this.#memory =
      parts.remembered &&
      underConfiguration(parts.remembered, parts.configuration, parts.destinations);
  }

  /**
   * Once the destinations are there: goes on with the rates that commands have set, and tells of a
   * command that was under way when the process before this one ended.
   */
  resume(): void {
    const { underWay, rates } = this.#memory ?? {};
    for (const [destination, perS] of Object.entries(rates?.perS ?? {})) {
      this.#parts.setRate(destination, perS);
    }
    if (underWay === null || underWay === undefined) return;
    const release = this.#parts.orderedBy?.(underWay.id) ?? null;
    if (release === null) {
      this.#before = this.#end(underWay, { outcome: "unknown", code: "command.interrupted" });
      return;
    }
    // The order was written, and only the answer was cut off.
    this.ordered(release);
    const result = { state: "accepted", release };
    const done = { outcome: "done", code: null, stage: "accepted", result } as const;
    this.#before = this.#end(underWay, done);
  }

  /** The command `update` whose outcome is owed; null where none is. */
  get update(): PendingUpdate | null {
    return this.#memory?.update ?? null;
  }

  /** The id of the command under way; null where none is. */
  get underWay(): string | null {
    return this.#memory?.underWay?.id ?? null;
  }

  /** The command under way has ordered `release`: it is remembered with its result. */
  ordered(release: string): void {
    this.#memory = ordered(this.#remembered(), release);
  }

  /**
   * What a command `update` ordered has come to `done`: a second result of it is owed, and an event
   * tells. Nothing where none is owed. Stored with whatever is told at the same moment.
   */
  conclude(done: Done): void {
    const { clock, gateway, tell, onOwed } = this.#parts;
    const pending = this.update;
    if (pending === null) return;
    const signed = { gateway, at: clock.now(), clock: clock.state() };
    this.#memory = concluded(
      this.#remembered(),
      resultOf(pending, { ...done, stage: "outcome" }, signed),
    );
    const { id, key, order, via } = pending;
    const more = { id, order, via: via ?? "hand", ...(done.detail && { detail: done.detail }) };
    const turn = { kind: "command", subject: key, from: "accepted", to: done.outcome } as const;
    tell({ ...turn, cause: done.code ?? "done", detail: more });
    void this.#keep(id).then(() => (via === null ? undefined : onOwed(via)));
  }

  /**
   * Limits the backlog of a destination until a command or another configuration says otherwise: it is
   * stored with the result of the command under way. False where there is no such destination.
   */
  setRate(destination: string, perS: number | null): boolean {
    if (!this.#parts.setRate(destination, perS)) return false;
    const memory = this.#remembered();
    const { configuration } = this.#parts;
    const rates = { configuration, perS: { ...memory.rates.perS, [destination]: perS } };
    this.#memory = { ...memory, rates };
    return true;
  }

  /** What is to be sent next to `destination`, or null. */
  owed(destination: string): Owed | null {
    const result = this.#memory?.results.find(({ via, id }) => {
      return via === destination && !this.#storing.has(id);
    });
    if (result !== undefined) return result;
    const [answer] = this.#answers.get(destination) ?? [];
    return answer === undefined ? null : { id: null, payload: answer };
  }

  /** `destination` has what it was owed. */
  delivered(destination: string, { id }: Owed): void {
    if (id === null) this.#answers.get(destination)?.shift();
    else if (this.#memory !== null) {
      this.#memory = delivered(this.#memory, destination, id);
      void this.#parts.store(this.#memory);
    }
  }

  /**
   * Takes what came from the destination `via`, or by hand (null). Resolves with the answer once it
   * is known and, of a command that was taken, stored. Never rejects for what the command is.
   */
  async submit(bytes: Uint8Array, via: string | null): Promise<string> {
    const signed = this.#signed(bytes);
    if ("code" in signed) return this.#refuse(bytes, signed, via, null);
    const { claims, key } = signed;
    if (this.#waiting >= WAITING_MAX) {
      return this.#refuse(bytes, refused("command.busy", "others wait"), via, key);
    }
    this.#waiting++;
    const taking = this.#before.then(() => this.#take(bytes, claims, key, via));
    this.#before = taking.catch(() => {});
    try {
      return await taking;
    } finally {
      this.#waiting--;
    }
  }

  /** The claims of a command to this gateway, and the key that signed them; or why there are none. */
  #signed(bytes: Uint8Array): { readonly claims: Claims; readonly key: CommandKey } | Refusal {
    const { keys, gateway } = this.#parts;
    const envelope = readEnvelope(bytes);
    if ("code" in envelope) return envelope;
    const key = keys.find(({ name }) => name === envelope.key);
    if (key === undefined) return refused("command.key", "no key of that name is configured");
    if (!isSignedBy(envelope, key)) return refused("command.signature", `the key is ${key.name}`);
    const claims = readClaims(envelope.payload);
    if ("code" in claims) return claims;
    if (claims.gateway === gateway) return { claims, key };
    return refused("command.gateway", `this is ${gateway}`);
  }

  async #take(bytes: Uint8Array, claims: Claims, key: CommandKey, via: string | null) {
    const { clock, keys, store, carryOut } = this.#parts;
    const before = this.#remembered();
    const old = refusalAsOld(claims, key, before);
    if (old !== null) return this.#refuse(bytes, old, via, key);
    if (via !== null && !hasRoom(before)) {
      return this.#refuse(bytes, refused("command.busy", "results wait to be fetched"), via, key);
    }
    this.#memory = taken(before, claims, key, via, keys);
    const underWay = { ...claims, key: key.name, order: claims.order.kind, via };
    if (!(await store(this.#memory))) {
      return await this.#end(underWay, { outcome: "refused", code: "command.not-stored" });
    }
    const now = () => ({ at: clock.now(), clock: clock.state() });
    const refusal = refusalOf(claims, key, before, now());
    const order = refusal ?? readOrder(claims.order);
    if ("code" in order) return await this.#end(underWay, { outcome: "refused", ...order });
    const isStillGood = () => refusalOf(claims, key, before, now()) === null;
    return await this.#end(underWay, await carryOut(order, key.name, isStillGood));
  }

  /** Remembers how a command ended, tells it, and resolves with its result once that is stored. */
  async #end(underWay: NonNullable<CommandMemory["underWay"]>, done: Done): Promise<string> {
    const { clock, gateway, tell, onOwed } = this.#parts;
    const { id, key, order, via } = underWay;
    const signed = { gateway, at: clock.now(), clock: clock.state() };
    const result = resultOf(underWay, done, signed);
    this.#memory = ended(this.#remembered(), result);
    const { outcome, code, detail, stage = outcome } = done;
    const more = { id, order, via: via ?? "hand", ...(detail !== undefined && { detail }) };
    const turn = { kind: "command", subject: key, from: "received", to: stage } as const;
    tell({ ...turn, cause: code ?? stage, detail: more });
    await this.#keep(id);
    if (via !== null) onOwed(via);
    return result.payload;
  }

  /**
   * Stores the result of the command `id`, which is not owed before. A disk that takes nothing for long
   * keeps nobody from hearing of it: then it may come again, as not known, after a power cut.
   */
  async #keep(id: string): Promise<void> {
    this.#storing.add(id);
    await this.#parts.store(this.#remembered());
    this.#storing.delete(id);
  }

  /** Answers what is not taken; `key` is null where nobody is known to have signed it. */
  #refuse(bytes: Uint8Array, refusal: Refusal, via: string | null, key: CommandKey | null): string {
    const { clock, gateway, onOwed } = this.#parts;
    const signed = { gateway, at: clock.now(), clock: clock.state() };
    const answer = answerTo(digestOf(bytes), refusal, signed);
    this.#tellRefusal(refusal, via, key);
    if (via !== null) {
      const answers = this.#answers.get(via) ?? [];
      // Whoever floods the gateway gets no answers to most of it.
      if (answers.length < ANSWERS_MAX) this.#answers.set(via, [...answers, answer]);
      onOwed(via);
    }
    return answer;
  }

  #tellRefusal({ code }: Refusal, via: string | null, key: CommandKey | null): void {
    const now = this.#parts.clock.uptime();
    const subject = key?.name ?? "unknown";
    const what = `${code} ${subject}`;
    const { at, times } = this.#refusals.get(what) ?? { at: null, times: 0 };
    if (at !== null && now < after(at, QUIET_MS)) {
      this.#refusals.set(what, { at, times: times + 1 });
      return;
    }
    this.#refusals.set(what, { at: now, times: 0 });
    const detail = { via: via ?? "hand", times: times + 1 };
    const turn = { kind: "command", subject, from: "received", to: "refused" } as const;
    this.#parts.tell({ ...turn, cause: code, detail });
  }

  /** What is remembered; where nothing is, nothing that was issued before this start may act. */
  #remembered(): CommandMemory {
    const { clock } = this.#parts;
    if (this.#memory !== null) return this.#memory;
    const since = (clock.now() - (clock.uptime() - this.#since)) as ReturnType<Clock["now"]>;
    return newMemory(since);
  }
}
