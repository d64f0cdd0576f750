import type { CommandKey } from "../../../edge/core/command.ts";
import type { World } from "../../../edge/world.ts";
import { SimClock } from "../../sim/clock.ts";
import { Random } from "../../sim/random.ts";
import { type Commander, commander } from "../commander.ts";
import { runController } from "../rollout/controller.ts";
import { FleetDesk } from "../rollout/desk.ts";
import { canariesOf } from "../rollout/membership.ts";
import { type Plan, readPlan } from "../rollout/plan.ts";
import type { Registered } from "../rollout/registry.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { FleetStore } from "../rollout/store.ts";
import type { Version } from "../rollout/version-table.ts";
import { FleetBroker } from "./fleet-broker.ts";
import { FleetGateway, type GatewayFault } from "./fleet-gateway.ts";

export const OLD = { name: "0.1.0", counter: 1 };
export const NEW = { name: "0.2.0", counter: 2 };
const MINUTE_MS = 60_000;

/** What a fleet is like; all may be left out. */
export type FleetSettings = {
  readonly size?: number;
  readonly seed?: number;
  /** Kind of board of gateway `i`. */
  readonly kindOf?: (i: number) => string;
  readonly faultOf?: (i: number, kind: string) => GatewayFault;
  readonly clockOffOf?: (i: number) => number | null;
  readonly maintenanceOf?: (i: number) => Registered["maintenance"];
  /** When gateway `i` has no line, from and to, by uptime. */
  readonly absencesOf?: (i: number) => readonly { readonly from: number; readonly to: number }[];
};

/** A plan of four rings, the first with `canaries`; all but that may be replaced. */
export function fourRings(canaries: readonly string[], over: Partial<Plan> = {}): Plan {
  const ring = (upTo: number, wave: number, more: object = {}) => ({
    upTo,
    wave,
    maxFailurePercent: 4,
    maxDarkPercent: 4,
    soakMs: 30 * MINUTE_MS,
    deadlineMs: 60 * MINUTE_MS,
    ...more,
  });
  const first = {
    most: 9,
    maxFailurePercent: 0,
    maxDarkPercent: 0,
    leastProvedPercent: 100,
    soakMs: 120 * MINUTE_MS,
  };
  const plan = readPlan({
    id: "0.2.0-first",
    release: NEW.name,
    counter: NEW.counter,
    hardware: "rpi-arm64",
    channel: "stable",
    canaries,
    rings: [ring(1, 5, first), ring(10, 10), ring(40, 40), ring(100, 100)],
    ...over,
  });
  if ("id" in plan) return plan;
  throw new Error(plan.join("; "));
}

/** The gateways of a simulated fleet, its broker and its centre, in virtual time from one seed. */
export class FleetRig {
  readonly clock = new SimClock();
  readonly broker: FleetBroker;
  readonly gateways: readonly FleetGateway[];
  readonly registered: readonly Registered[];
  readonly salt = "salt of this rollout";
  /** Orders that were published, by gateway. */
  readonly orders = new Map<string, number>();
  readonly #dir: string;
  readonly #commander: Commander;
  readonly #stop = new AbortController();
  #centre: { readonly stop: AbortController; readonly store: FleetStore } | null = null;
  #desk: FleetDesk | null = null;

  constructor(dir: string, settings: FleetSettings = {}) {
    const {
      size = 300,
      seed = 1,
      kindOf = (i: number) => (i % 10 === 3 ? "rev-c" : "rev-b"),
    } = settings;
    const random = new Random(seed);
    this.#dir = dir;
    this.broker = new FleetBroker(this.clock, random.stream("broker"));
    this.broker.onPublished = ({ topic }) => {
      const [, , gateway = "", what] = topic.split("/");
      if (what === "commands") this.orders.set(gateway, (this.orders.get(gateway) ?? 0) + 1);
    };
    this.#commander = commander("fleet", ["update"]);
    const draw = random.stream("gateways");
    const names = Array.from({ length: size }, (_, i) => `gw-${String(i + 1).padStart(4, "0")}`);
    this.registered = names.map((gateway, i) => ({
      gateway,
      hardware: "rpi-arm64",
      channel: "stable",
      kind: kindOf(i),
      maintenance: settings.maintenanceOf?.(i) ?? null,
    }));
    this.gateways = names.map((name, i) =>
      newGateway(this, name, this.#commander.key, {
        fault: settings.faultOf?.(i, kindOf(i)) ?? "none",
        clockOffMs: settings.clockOffOf === undefined ? 0 : settings.clockOffOf(i),
        installMs: draw.integer(MINUTE_MS, 5 * MINUTE_MS),
      }),
    );
    for (const [i, gateway] of this.gateways.entries()) {
      void gateway.run(settings.absencesOf?.(i) ?? [], this.#stop.signal);
    }
  }

  get world(): Pick<World, "clock" | "connectMqtt" | "log"> {
    return { clock: this.clock, connectMqtt: this.broker.connect, log: () => {} };
  }

  /** Canaries that leave no kind of board untried, `each` of every kind. */
  canaries(each = 2): readonly string[] {
    return canariesOf(this.registered, this.salt, each);
  }

  /** Starts the centre over what it remembers. */
  open(): void {
    const store = new FleetStore(this.#dir, true);
    const known = new Map(this.gateways.map(({ name, credential }) => [name, [credential]]));
    const stop = new AbortController();
    const desk = new FleetDesk({
      store,
      commander: this.#commander,
      registry: () => this.registered,
      credentialsOf: (gateway) => known.get(gateway) ?? [],
    });
    this.#desk = desk;
    this.#centre = { stop, store };
    const settings = {
      url: "mqtt://127.0.0.1",
      clientId: "lifeline-fleet",
      keepAliveS: 60,
      connectTimeoutMs: 10_000,
    };
    const parts = { world: this.world, desk, settings, tickMs: 20_000 };
    void runController(parts, stop.signal).catch(() => {});
  }

  /** Ends the centre without a word, as SIGKILL does: nothing that it does later counts. */
  kill(): void {
    this.#centre?.stop.abort();
    this.#centre?.store.close();
    this.#centre = null;
    this.#desk = null;
  }

  #ask(ask: Parameters<FleetStore["ask"]>[2]): number {
    return this.#store.ask(this.clock.now(), "tester", ask);
  }

  /** Asks for something, and waits until the centre has seen to it; resolves with its answer. */
  async wish(ask: Parameters<FleetStore["ask"]>[2]): Promise<string | null> {
    const id = this.#ask(ask);
    await this.clock.advance(30_000);
    return this.#store.answerTo(id);
  }

  async start(plan: Plan): Promise<string | null> {
    return await this.wish({ kind: "start", plan, salt: this.salt });
  }

  rollout(id = "0.2.0-first"): Rollout {
    const found = this.#store.rollouts().find(({ plan }) => plan.id === id);
    if (found === undefined) throw new Error(`there is no rollout ${id}`);
    return found;
  }

  versions(): ReadonlyMap<string, Version> {
    return this.#desk?.versions ?? this.#store.versions();
  }

  audited() {
    return this.#store.audited(null, 1_000_000);
  }

  /** Lets time pass until `is` holds, at most `hours`; returns whether it does. */
  async until(is: () => boolean, hours: number): Promise<boolean> {
    for (let minutes = 0; minutes < hours * 60; minutes += 5) {
      if (is()) return true;
      await this.clock.advance(5 * MINUTE_MS);
    }
    return is();
  }

  /** Where the version table does not say what is: of those that are there, and of the silent. */
  lies(): readonly string[] {
    const table = this.versions();
    return this.gateways.flatMap(({ name, running, isOnTrial, isOnline }) => {
      const version = table.get(name);
      if (version === undefined) return [`${name} is not listed`];
      if (version.isOnline !== isOnline) return [`${name} passes for ${version.isOnline}`];
      if (!isOnline) return [];
      const { proved } = version;
      const isRight = proved?.release === running.name && proved.trial === isOnTrial;
      return isRight ? [] : [`${name} passes for ${proved?.release}, and runs ${running.name}`];
    });
  }

  /** Those that an update was begun on. */
  get touched(): readonly string[] {
    return this.gateways.filter(({ installs }) => installs > 0).map(({ name }) => name);
  }

  close(): void {
    this.#stop.abort();
    this.kill();
  }

  get #store(): FleetStore {
    if (this.#centre === null) throw new Error("the centre does not run");
    return this.#centre.store;
  }
}

function newGateway(
  rig: FleetRig,
  name: string,
  key: CommandKey,
  what: {
    readonly fault: GatewayFault;
    readonly clockOffMs: number | null;
    readonly installMs: number;
  },
): FleetGateway {
  const stolen = () => {
    const others = rig.gateways.filter((each) => each.name !== name);
    const proofs = others.flatMap(({ shown }) => shown);
    return proofs.find(({ release, trial }) => release === NEW.name && !trial)?.token ?? null;
  };
  const releases = { old: OLD, new: NEW };
  return new FleetGateway({
    world: rig.world,
    url: "mqtt://127.0.0.1",
    name,
    key,
    releases,
    stolen,
    ...what,
  });
}
