import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { CommandDesk } from "../../../edge/command/command-desk.ts";
import { newMemory } from "../../../edge/command/memory.ts";
import type { Order } from "../../../edge/command/order.ts";
import type { Done } from "../../../edge/command/result.ts";
import type { CommandKey, CommandMemory } from "../../../edge/core/command.ts";
import type { Clock, WallMs } from "../../../edge/core/time.ts";
import type { Uplink } from "../../../edge/core/uplink.ts";
import { topicOf } from "../../../edge/forward/mqtt-json.ts";
import type { World } from "../../../edge/world.ts";
import type { Credential } from "../rollout/proof.ts";
import { credentialOf, signProof } from "./sign-proof.ts";

/** What the new release, or the gateway, does wrong. */
export type GatewayFault =
  | "none"
  /** The candidate dies after its start; the guard goes back, and the old release says so. */
  | "dies"
  /** The same, without a word of it. */
  | "dies-quietly"
  /** The gateway is never heard of again. */
  | "falls-silent"
  /** It takes the order and goes on with the old release. */
  | "ignores"
  /** It goes back, and says that it runs the new release, without a proof. */
  | "claims"
  /** It stays on trial for ever. */
  | "never-commits"
  /** It commits, proves, and has the old release an hour later. */
  | "lapses"
  /** It goes back, and shows the proof of a neighbour. */
  | "steals"
  /** It commits, proves, has the old release an hour later, and then shows that proof again. */
  | "replays";

export type FleetGatewayParts = {
  readonly world: Pick<World, "clock" | "connectMqtt">;
  readonly url: string;
  readonly name: string;
  readonly key: CommandKey;
  readonly fault: GatewayFault;
  /** By how much its clock is wrong, in milliseconds; null: it is not synchronised. */
  readonly clockOffMs: number | null;
  /** How long downloading and unpacking take, in milliseconds. */
  readonly installMs: number;
  readonly releases: { readonly old: Release; readonly new: Release };
  /** A proof of a neighbour that runs the new release; null where there is none. */
  readonly stolen: () => string | null;
};

export type Release = { readonly name: string; readonly counter: number };

/** So long a candidate is on trial, and so long the guard tries one that dies. */
const TRIAL_MS = 10 * 60_000;
const GUARD_MS = 15_000;
const RESTART_MS = 5_000;
const LAPSE_MS = 60 * 60_000;
const RETRY_MS = 30_000;
const MEMORY_MS = 3_600_000;
type Identity = { readonly credential: Credential; readonly privateKey: KeyObject };

/** No two gateways have one key; in the next fleet each has the same again, which is made once. */
const identities = new Map<string, Identity>();

function identityOf(name: string): Identity {
  let identity = identities.get(name);
  if (identity === undefined) {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    identity = { credential: credentialOf(publicKey), privateKey };
    identities.set(name, identity);
  }
  return identity;
}

/** The updater looks for orders after so long. */
const BEGIN_MS = 60_000;

/**
 * A gateway as its centre sees it: commands are judged, remembered and answered by the gateway's own
 * code; what is behind an update is a story in time.
 */
export class FleetGateway {
  readonly name: string;
  credential: Credential;
  /** What truly runs, whatever it says. */
  running: Release;
  isOnTrial = false;
  /** How often an update was begun. */
  installs = 0;
  readonly fault: GatewayFault;
  readonly #parts: FleetGatewayParts;
  readonly #clock: Clock;
  readonly #privateKey: KeyObject;
  #memory: CommandMemory | null = null;
  #desk: CommandDesk;
  #session: Uplink | null = null;
  #command: string | null = null;
  #boots = 1;
  #isDead = false;
  #claims: string | null = null;
  /** Proofs that were shown. */
  readonly shown: {
    readonly release: string;
    readonly trial: boolean;
    readonly token: string;
  }[] = [];
  #proven: { readonly facts: string; readonly token: string } | null = null;
  /** What goes on after an order was answered. */
  #story: Promise<void> = Promise.resolve();

  constructor(parts: FleetGatewayParts) {
    const { name, world, clockOffMs, fault, releases } = parts;
    this.#parts = parts;
    this.name = name;
    this.fault = fault;
    this.running = releases.old;
    const { credential, privateKey } = identityOf(name);
    this.credential = credential;
    this.#privateKey = privateKey;
    const { clock } = world;
    this.#clock = {
      now: () => (clock.now() + (clockOffMs ?? -1e12)) as WallMs,
      uptime: () => clock.uptime(),
      state: () => (clockOffMs === null ? "unsynced" : "synced"),
      isStateKnown: () => true,
      boot: "",
      sleep: (ms, signal) => clock.sleep(ms, signal),
    };
    // It has been there for long: a new one refuses what was issued in its first ten seconds.
    this.#memory = newMemory((this.#clock.now() - MEMORY_MS) as WallMs);
    this.#desk = this.#newDesk();
  }

  get publicKey(): KeyObject {
    return this.credential.publicKey;
  }

  /** It has a certificate with this fingerprint from now on. */
  certify(fingerprint: string): void {
    this.credential = { ...this.credential, fingerprint };
  }

  get isOnline(): boolean {
    return this.#session !== null;
  }

  /** Lives until `signal` aborts; `absences` are when it has no line, from and to, by uptime. */
  async run(
    absences: readonly { readonly from: number; readonly to: number }[],
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#parts.world;
    while (!signal.aborted && !this.#isDead) {
      const now = clock.uptime();
      const absence = absences.find(({ from, to }) => from <= now && now < to);
      if (absence !== undefined) await clock.sleep(absence.to - now, signal).catch(() => {});
      else await this.#stay(absences.find(({ from }) => from > now)?.from ?? null, signal);
    }
    await this.#story.catch(() => {});
  }

  /** One session, until it ends or the line is gone at `until`. */
  async #stay(until: number | null, signal: AbortSignal): Promise<void> {
    const { world, url, name } = this.#parts;
    const { clock } = world;
    const end = new AbortController();
    const stop = () => end.abort();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const will = { topic: topicOf(name, "status"), payload: this.#said("offline"), retain: true };
      const uplink = await world.connectMqtt(
        {
          url,
          clientId: name,
          keepAliveS: 60,
          connectTimeoutMs: 10_000,
          will,
          receiver: {
            onMessage: ({ payload }) => void this.#desk.submit(payload, "centre"),
            onDiscarded: () => {},
          },
        },
        end.signal,
      );
      await uplink.subscribe([{ topic: topicOf(name, "commands"), qos: 1 }]);
      this.#session = uplink;
      void uplink.closed.then(stop);
      await this.#tell();
      void this.#settle();
      const leftMs = until === null ? Number.POSITIVE_INFINITY : until - clock.uptime();
      await clock.sleep(Math.min(Math.max(0, leftMs), 2 ** 31 - 1), end.signal).catch(() => {});
      if (this.#session === uplink) this.#session = null;
      uplink.abandon();
    } catch {
      // The broker is away.
    }
    signal.removeEventListener("abort", stop);
    if (!signal.aborted) await clock.sleep(RETRY_MS, signal).catch(() => {});
  }

  /** Sends the results that are owed, one after the other. */
  async #settle(): Promise<void> {
    for (;;) {
      const uplink = this.#session;
      const owed = this.#desk.owed("centre");
      if (uplink === null || owed === null) return;
      const topic = topicOf(this.name, "results");
      const told = await uplink.publish({ topic, payload: owed.payload, retain: false });
      if (told !== "accepted") return;
      this.#desk.delivered("centre", owed);
    }
  }

  /** Says what it runs, or what it makes others believe. */
  async #tell(): Promise<void> {
    const topic = topicOf(this.name, "status");
    await this.#session?.publish({ topic, payload: this.#said("online"), retain: true });
  }

  #said(state: "online" | "offline"): string {
    const release = this.#claims ?? this.running.name;
    const head = { v: 1, gateway: this.name, state, release, configuration: "sha256:0" };
    if (state === "offline") return JSON.stringify(head);
    if (this.#claims === null) return JSON.stringify({ ...head, proof: this.#proof() });
    const shown =
      this.fault === "steals"
        ? this.#parts.stolen()
        : this.shown.findLast(({ release, trial }) => release === this.#claims && !trial)?.token;
    return JSON.stringify({ ...head, ...(typeof shown === "string" && { proof: shown }) });
  }

  #proof(): string {
    const { name, counter } = this.running;
    const boot = `${this.name}-${this.#boots}`;
    const command = this.running === this.#parts.releases.new ? this.#command : null;
    const facts = JSON.stringify([name, boot, this.isOnTrial]);
    // As the gateway's own: made anew when something of it changes.
    if (this.#proven?.facts !== facts) {
      const [uptimeMs, at] = [this.#clock.uptime(), this.#clock.now()];
      const version = { release: name, counter, slot: name, trial: this.isOnTrial, command };
      const claims = { gateway: this.name, ...version, boot, uptimeMs, at };
      const token = signProof(claims, this.credential, this.#privateKey);
      this.#proven = { facts, token };
      this.shown.push({ release: name, trial: this.isOnTrial, token });
    }
    return this.#proven.token;
  }

  #newDesk(): CommandDesk {
    return new CommandDesk({
      clock: this.#clock,
      gateway: this.name,
      configuration: "sha256:0",
      keys: [this.#parts.key],
      destinations: new Set(["centre"]),
      remembered: this.#memory,
      store: (memory) => {
        this.#memory = memory;
        return Promise.resolve(true);
      },
      carryOut: (order) => Promise.resolve(this.#carryOut(order)),
      tell: () => {},
      setRate: () => false,
      onOwed: () => void this.#settle(),
    });
  }

  #carryOut(order: Order): Done {
    if (order.kind !== "update") return { outcome: "refused", code: "command.unsupported" };
    if (order.release === null) return this.#takeBack();
    this.#command = this.#desk.underWay;
    this.#desk.ordered(order.release ?? "");
    this.#story = this.#story.then(() => this.#update());
    return { outcome: "done", code: null, stage: "accepted", result: { state: "accepted" } };
  }

  #takeBack(): Done {
    if (this.#desk.update === null || this.installs > 0) {
      return { outcome: "refused", code: "command.failed", detail: "nothing is ordered" };
    }
    this.#desk.conclude({ outcome: "refused", code: "update.taken-back" });
    return { outcome: "done", code: null, result: { state: "taken-back" } };
  }

  async #update(): Promise<void> {
    const { installMs, releases } = this.#parts;
    const { fault } = this;
    await this.#clock.sleep(BEGIN_MS);
    // Taken back, or concluded otherwise, before it began.
    if (this.#desk.update?.id !== this.#command) return;
    this.installs++;
    await this.#clock.sleep(installMs);
    if (fault === "ignores") return;
    if (fault === "falls-silent") {
      this.running = releases.new;
      this.#isDead = true;
      this.#session?.abandon();
      return;
    }
    const isBad = !["none", "never-commits", "lapses", "replays"].includes(fault);
    if (isBad) {
      await this.#restart(releases.old, false, GUARD_MS);
      if (fault === "dies") this.#rolledBack();
      if (fault === "claims" || fault === "steals") await this.#pretend();
      return;
    }
    await this.#restart(releases.new, true, RESTART_MS);
    await this.#clock.sleep(TRIAL_MS);
    if (fault === "never-commits") return;
    this.isOnTrial = false;
    await this.#tell();
    if (fault !== "lapses" && fault !== "replays") return;
    await this.#clock.sleep(LAPSE_MS);
    this.#boots++;
    await this.#restart(releases.old, false, RESTART_MS);
    if (fault === "replays") await this.#pretend();
  }

  /** Says, from some time after its next session on, that it runs what it does not. */
  async #pretend(): Promise<void> {
    await this.#clock.sleep(2 * RETRY_MS);
    this.#claims = this.#parts.releases.new.name;
    await this.#tell();
  }

  /** The process ends orderly, and another begins with `release`. */
  async #restart(release: Release, isOnTrial: boolean, ms: number): Promise<void> {
    const topic = topicOf(this.name, "status");
    await this.#session?.publish({ topic, payload: this.#said("offline"), retain: true });
    void this.#session?.close();
    this.running = release;
    this.isOnTrial = isOnTrial;
    await this.#clock.sleep(ms);
    this.#desk = this.#newDesk();
    this.#desk.resume();
  }

  /** As the gateway's own: a second result of the order tells what came of it. */
  #rolledBack(): void {
    const result = { state: "rolled-back", release: this.#parts.releases.new.name };
    this.#desk.conclude({ outcome: "failed", code: "command.failed", result });
  }
}
