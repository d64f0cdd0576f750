import { digestOf } from "../../../edge/command/signature.ts";
import type { WallMs } from "../../../edge/core/time.ts";
import type { Incoming } from "../../../edge/core/uplink.ts";
import { topicOf } from "../../../edge/forward/mqtt-json.ts";
import type { Commander } from "../commander.ts";
import { openForMs } from "./maintenance.ts";
import { nonceOf } from "./membership.ts";
import type { Credential } from "./proof.ts";
import type { Registered } from "./registry.ts";
import { type Answer, answerIn } from "./reports.ts";
import { type Gateway, type Now, type Rollout, type Step, stepsOf } from "./rollout.ts";
import type { FleetStore, Request } from "./store.ts";
import { isOpenYet, type Report, reported, stepped, unclaimed, wished, withTask } from "./turns.ts";
import { heardOf, saidIn, unheard, type Version } from "./version-table.ts";

export type FleetDeskParts = {
  readonly store: FleetStore;
  /** Who signs the orders. */
  readonly commander: Commander;
  /** The gateways that there are; asked anew at each turn. */
  readonly registry: () => readonly Registered[];
  /** By what a gateway may prove; nothing for one without an identity. */
  readonly credentialsOf: (gateway: string) => readonly Credential[];
};

/** An order to be published. */
export type Order = {
  readonly rollout: string;
  readonly gateway: string;
  readonly topic: string;
  readonly payload: string;
};

/** A gateway that the broker had no session of is not tried again for so long, in milliseconds. */
const UNCLAIMED_MS = 60_000;
/** Of watched time so much may be forgotten: then everything is only a little later. */
const STORE_MS = 60_000;
/** So many answers by digest are waited for at most. */
const DIGESTS_MAX = 10_000;
/** More rounds than this at one moment are none that end. */
const ROUNDS_MAX = 50;

/**
 * Decides what becomes of the fleet: takes what came, turns it into what is stored, and says what is
 * to be published. Whatever it hands out is on the disk before; it may be killed at any moment.
 */
export class FleetDesk {
  readonly #parts: FleetDeskParts;
  readonly #versions: Map<string, Version>;
  /** Those that may yet change, by their ids. */
  readonly #rollouts: Map<string, Rollout>;
  readonly #taken: Set<string>;
  readonly #digests = new Map<string, { readonly gateway: string; readonly nonce: string }>();
  /** Until when, by watched time, a gateway passes for offline. */
  readonly #away = new Map<string, number>();
  /** Orders that a process before may have stored and not published. */
  readonly #unsent = new Set<string>();
  /** Orders that were taken back; sent once more by the next process, and refused as old then. */
  readonly #takenBack = new Set<string>();
  #watched: Now["watched"];
  /** The same as it was stored last. */
  #stored: Now["watched"];
  #counter: number;

  constructor(parts: FleetDeskParts) {
    this.#parts = parts;
    const { store } = parts;
    const { watched, counter } = store.centre();
    const all = store.rollouts();
    this.#watched = watched;
    this.#stored = watched;
    this.#counter = counter;
    this.#versions = new Map(store.versions());
    this.#taken = new Set(all.map(({ plan }) => plan.id));
    this.#rollouts = new Map(all.filter(isOpenYet).map((each) => [each.plan.id, each]));
    for (const { plan, tasks } of this.#rollouts.values()) {
      for (const { gateway, state } of tasks.values()) {
        if (state === "ordered") this.#unsent.add(keyOf(plan.id, gateway));
      }
    }
  }

  /** What is known of the gateways' releases. */
  get versions(): ReadonlyMap<string, Version> {
    return this.#versions;
  }

  /** The rollouts that may yet change. */
  get rollouts(): readonly Rollout[] {
    return [...this.#rollouts.values()];
  }

  /**
   * One turn at wall time `wall`, after `watchedMs` more with a session: takes what came, sees to what
   * people asked for, and returns the orders that are to be published now.
   */
  turn(wall: number, watchedMs: number, came: readonly Incoming[]): readonly Order[] {
    this.#watched = (this.#watched + watchedMs) as Now["watched"];
    const now: Now = { watched: this.#watched, wall };
    const { store } = this.#parts;
    return store.transaction(() => {
      for (const message of came) this.#hear(message, now);
      for (const request of store.open()) store.answer(request.id, this.#grant(request, now));
      // Without a session nothing can be published, nor judged.
      const orders = watchedMs > 0 ? this.#proceed(now) : [];
      const isDue = this.#watched - this.#stored >= STORE_MS;
      if (orders.length > 0 || came.length > 0 || isDue) this.#storeCentre();
      return orders;
    });
  }

  /** The broker had nobody to hand `order` to. */
  unclaimed({ rollout: id, gateway }: Order, wall: number): void {
    this.#away.set(gateway, this.#watched + UNCLAIMED_MS);
    const rollout = this.#rollouts.get(id);
    if (rollout === undefined) return;
    const { store } = this.#parts;
    const now = { watched: this.#watched, wall };
    store.transaction(() => {
      this.#keep(unclaimed(rollout, gateway), rollout);
      this.#audit(now, "centre", "unclaimed", id, gateway, null);
    });
  }

  #storeCentre(): void {
    this.#parts.store.setCentre(this.#watched, this.#counter);
    this.#stored = this.#watched;
  }

  #hear({ topic, payload }: Incoming, now: Now): void {
    const [root, version, gateway = "", what] = topic.split("/");
    if (root !== "lifeline" || version !== "v1") return;
    if (what === "status") this.#hearStatus(gateway, payload, now);
    const answer = what === "results" ? answerIn(payload) : null;
    if (answer !== null) this.#hearAnswer(gateway, answer, now);
  }

  #hearStatus(gateway: string, payload: Uint8Array, now: Now): void {
    const said = saidIn(payload);
    if (said === null) return;
    const { store, credentialsOf } = this.#parts;
    const before = this.#versions.get(gateway) ?? unheard(gateway);
    const times = { heard: now.wall, watched: now.watched };
    const { version, proof, fault } = heardOf(before, said, credentialsOf(gateway), times);
    this.#versions.set(gateway, version);
    store.setVersion(version);
    if (said.isOnline) this.#away.delete(gateway);
    if (fault !== null && fault !== before.refused?.why) {
      this.#audit(now, gateway, "proof-refused", null, gateway, fault);
    }
    if (proof === null) return;
    const trial = proof.trial ? " (trial)" : "";
    this.#audit(now, gateway, "proved", null, gateway, `${proof.release}${trial}`);
    for (const rollout of this.#rollouts.values()) {
      const nonces = noncesOf(rollout, gateway);
      this.#report(rollout, gateway, { kind: "proof", proof, nonces }, now);
    }
  }

  #hearAnswer(gateway: string, { id, digest, outcome, code }: Answer, now: Now): void {
    const sent = this.#digests.get(digest ?? "");
    const nonce = sent?.gateway === gateway ? sent.nonce : id;
    // Whoever has had it before has taken it: what it answered then got lost.
    const isReplay = code === "command.replay";
    for (const rollout of this.#rollouts.values()) {
      const attempt = noncesOf(rollout, gateway).indexOf(nonce ?? "") + 1;
      if (attempt === 0) continue;
      const told = isReplay ? ({ outcome: "done", code: null } as const) : { outcome, code };
      this.#report(rollout, gateway, { kind: "result", attempt, ...told }, now);
    }
  }

  #report(rollout: Rollout, gateway: string, report: Report, now: Now): void {
    const task = rollout.tasks.get(gateway);
    if (task === undefined) return;
    const next = reported(task, report, rollout.plan.release, now);
    if (next === task) return;
    this.#keep(withTask(rollout, next, now.watched), rollout);
    this.#audit(now, gateway, next.state, rollout.plan.id, gateway, next.reason);
  }

  /** Does what `request` asks for; returns `done`, or why not. */
  #grant({ who, ask }: Request, now: Now): string {
    if (ask.kind === "start") {
      const { plan, salt } = ask;
      if (this.#taken.has(plan.id)) return "taken";
      const rival = this.rollouts.find(
        ({ state, plan: { hardware, channel } }) =>
          (state === "running" || state === "paused") &&
          hardware === plan.hardware &&
          channel === plan.channel,
      );
      if (rival !== undefined) return `busy ${rival.plan.id}`;
      const begun = { ring: 0, changed: now.watched, tasks: new Map() };
      this.#keep({ plan, salt, state: "running", reason: null, ...begun }, null);
      this.#taken.add(plan.id);
      this.#audit(now, who, "started", plan.id, null, plan.release);
      return "done";
    }
    const rollout = this.#rollouts.get(ask.rollout);
    if (rollout === undefined) return this.#taken.has(ask.rollout) ? "over" : "unknown";
    const next = wished(rollout, ask.kind, now);
    if (next === null) return rollout.state;
    this.#keep(next, rollout);
    this.#audit(now, who, ask.kind, ask.rollout, null, null);
    return "done";
  }

  #proceed(now: Now): readonly Order[] {
    const fleet = this.#fleet();
    return [...this.#rollouts.keys()].flatMap((id) => this.#proceedWith(id, fleet, now));
  }

  #proceedWith(id: string, fleet: readonly Gateway[], now: Now): readonly Order[] {
    const toSend = new Set<string>();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const before = this.#rollouts.get(id);
      const steps = before === undefined ? [] : stepsOf(before, fleet, now);
      if (before === undefined || steps.length === 0) break;
      let rollout = before;
      for (const step of steps) {
        rollout = stepped(rollout, step, now);
        if (step.kind === "order" || step.kind === "send") toSend.add(step.gateway);
        this.#auditStep(id, step, now);
      }
      this.#keep(rollout, before);
    }
    const rollout = this.#rollouts.get(id);
    if (rollout?.state === "aborted" || rollout?.state === "stopped") {
      return this.#takeBack(rollout, fleet, now);
    }
    if (rollout?.state !== "running") return [];
    for (const { gateway } of rollout.tasks.values()) {
      if (this.#unsent.delete(keyOf(id, gateway))) toSend.add(gateway);
    }
    const byName = new Map(fleet.map((each) => [each.gateway, each]));
    return [...toSend].flatMap((gateway) => {
      const known = byName.get(gateway);
      return known === undefined ? [] : this.#order(rollout, known, now);
    });
  }

  /** The order to `gateway`, signed now; none where it was answered, or no window is open. */
  #order({ plan, salt, tasks }: Rollout, to: Gateway, { wall }: Now): readonly Order[] {
    const { gateway, maintenance } = to;
    const task = tasks.get(gateway);
    const lifeMs = Math.floor(Math.min(plan.orderLifeMs, openForMs(maintenance, wall)));
    if (task?.state !== "ordered" || lifeMs <= 0) return [];
    const nonce = nonceOf(salt, gateway, task.attempt);
    const release = `${plan.hardware}/${plan.channel}/${plan.release}`;
    // It may wait for an alarm to end, but not beyond the window that it was meant for.
    const openMs = openForMs(maintenance, wall);
    const until = Number.isFinite(openMs) ? Math.floor(wall + openMs) : null;
    const payload = this.#signed({ kind: "update", release, until }, gateway, nonce, wall, lifeMs);
    this.#digests.set(digestOf(Buffer.from(payload)), { gateway, nonce });
    for (const digest of this.#digests.keys()) {
      if (this.#digests.size <= DIGESTS_MAX) break;
      this.#digests.delete(digest);
    }
    return [{ rollout: plan.id, gateway, topic: topicOf(gateway, "commands"), payload }];
  }

  /** Who was ordered and has not begun yet need not, where `rollout` is over before its end. */
  #takeBack(
    { plan, salt, tasks }: Rollout,
    fleet: readonly Gateway[],
    { wall }: Now,
  ): readonly Order[] {
    return fleet.flatMap(({ gateway, isOnline }) => {
      const task = tasks.get(gateway);
      const isOpen = task?.state === "taken" || (task?.state === "cancelled" && !task.reason);
      const key = keyOf(plan.id, gateway);
      if (!isOpen || !isOnline || this.#takenBack.has(key)) return [];
      this.#takenBack.add(key);
      const order = { kind: "update", release: null };
      const nonce = nonceOf(salt, gateway, 0);
      const payload = this.#signed(order, gateway, nonce, wall, plan.orderLifeMs);
      return [{ rollout: plan.id, gateway, topic: topicOf(gateway, "commands"), payload }];
    });
  }

  #signed(order: object, gateway: string, id: string, wall: number, lifeMs: number): string {
    // Time goes on by itself; it may also be set back, and a counter never is.
    this.#counter = Math.max(this.#counter + 1, wall * 1000);
    const expires = (wall + lifeMs) as WallMs;
    const over = { gateway, id, counter: this.#counter, expires };
    return this.#parts.commander.sign(order, wall, over);
  }

  #fleet(): readonly Gateway[] {
    const { registry, credentialsOf } = this.#parts;
    return registry().map((known) => {
      const { proved, isOnline, since } =
        this.#versions.get(known.gateway) ?? unheard(known.gateway);
      const isAway = (this.#away.get(known.gateway) ?? 0) > this.#watched;
      const hasIdentity = credentialsOf(known.gateway).length > 0;
      return { ...known, hasIdentity, isOnline: isOnline && !isAway, since, proved };
    });
  }

  #keep(rollout: Rollout, before: Rollout | null): void {
    if (rollout === before) return;
    this.#parts.store.setRollout(rollout, before);
    if (isOpenYet(rollout)) this.#rollouts.set(rollout.plan.id, rollout);
    else this.#rollouts.delete(rollout.plan.id);
  }

  #auditStep(id: string, step: Step, now: Now): void {
    const gateway = "gateway" in step ? step.gateway : null;
    this.#audit(now, "centre", TOLD[step.kind], id, gateway, detailOf(step));
  }

  #audit(
    { wall }: Now,
    who: string,
    what: string,
    rollout: string | null,
    gateway: string | null,
    detail: string | null,
  ): void {
    this.#parts.store.audit({ at: wall, who, what, rollout, gateway, detail });
  }
}

/** What the audit log calls each step. */
const TOLD = {
  order: "ordered",
  send: "sent again",
  fail: "failed",
  stop: "stopped",
  ring: "ring",
  finish: "done",
} as const satisfies Readonly<Record<Step["kind"], string>>;

function detailOf(step: Step): string | null {
  switch (step.kind) {
    case "fail":
    case "stop":
      return step.reason;
    case "ring":
      return String(step.ring + 1);
    case "order":
    case "send":
    case "finish":
      return null;
  }
}

function noncesOf({ salt, tasks }: Rollout, gateway: string): readonly string[] {
  const attempts = tasks.get(gateway)?.attempt ?? 0;
  return Array.from({ length: attempts }, (_, i) => nonceOf(salt, gateway, i + 1));
}

function keyOf(rollout: string, gateway: string): string {
  return `${rollout} ${gateway}`;
}
