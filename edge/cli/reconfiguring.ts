import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { LoadResult } from "../../config/load.ts";
import type { Reconfigure } from "../command/carry-out.ts";
import { type Health, healthOf, isHealthy } from "../command/health.ts";
import type { Done } from "../command/result.ts";
import { GatewayError, type Lang } from "../core/errors.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { DryRead } from "../dry-read.ts";
import type { Turn } from "../gateway-event.ts";
import type { RunningGateway } from "../running-gateway.ts";
import { ConfigStore } from "../world/config-store.ts";
import type { World } from "../world.ts";
import { sayConfig } from "./config-text.ts";

/** The order to go on with another configuration; without `yaml` with the one that was left. */
type Proposal = {
  readonly yaml: string | null;
  readonly withinMs: number;
  readonly confirm: boolean;
};

/** A configuration on trial. */
type Trial = Omit<Proposal, "yaml"> & {
  readonly fingerprint: string;
  readonly who: string;
  /** What the gateway ran with before, and what did well then. */
  readonly previous: GatewayConfig;
  readonly before: Health;
  /** When it is over; null before it has begun. */
  until: UptimeMs | null;
  isConfirmed: boolean;
};

type Running = { readonly gateway: RunningGateway; readonly config: GatewayConfig };

type Verdict = "kept" | "reverted";

/** How long the answer to an order may take on its way before the gateway changes, in milliseconds. */
const CHANGE_AFTER_MS = 2_000;
/** How often a trial is looked at, and so long it must do well without a break, in milliseconds. */
const LOOK_MS = 1_000;
const STABLE_MS = 10_000;
/** What a configuration that was replaced is given when it is taken again, in milliseconds. */
const ROLLBACK_MS = 5 * 60_000;
const PROBLEMS_MAX = 20;

/**
 * Takes a new configuration on trial: checked, read dry, and run; kept once it does as well as the
 * one before for ten seconds and, where it needs that, was confirmed; else the gateway goes back by
 * itself. The process stays: only its loops end and begin, over the same buffer. Should it die of
 * the trial, the next start finds the file as it was.
 */
export class Reconfiguring implements Reconfigure {
  readonly #world: World;
  readonly #lang: Lang;
  readonly #store: ConfigStore;
  #running: Running | null = null;
  #trial: Trial | null = null;
  /** Whether a change was asked for that is about to be made. */
  #isToChange = false;
  /** Whether a candidate is being checked. */
  #isChecking = false;
  #change = Promise.withResolvers<GatewayConfig>();
  /** What is to be told by the gateway that runs next. */
  #untold: Omit<Turn, "subject">[] = [];

  constructor(world: World, file: string, lang: Lang) {
    this.#world = world;
    this.#lang = lang;
    this.#store = new ConfigStore(file);
  }

  /** Goes back from a trial that the process before this one died in. */
  recover(): void {
    if (!this.#store.isOnTrial()) return;
    this.#discard();
    this.#note("reverted", "restart", {});
  }

  get isOnTrial(): boolean {
    return this.#trial !== null;
  }

  get isBusy(): boolean {
    return this.isOnTrial || this.#isToChange || this.#isChecking;
  }

  /** The gateway begins; resolves, with what to begin anew with, when it is to end. */
  nextChange(): Promise<GatewayConfig> {
    this.#change = Promise.withResolvers();
    return this.#change.promise;
  }

  /** The gateway runs with `config`, until `signal` aborts. */
  started(gateway: RunningGateway, config: GatewayConfig, signal: AbortSignal): void {
    this.#running = { gateway, config };
    signal.addEventListener("abort", () => this.#stopped(), { once: true });
    for (const turn of this.#untold) gateway.tell({ ...turn, subject: config.gateway.id });
    this.#untold = [];
    if (this.#trial === null) return;
    this.#trial.until = after(this.#world.clock.uptime(), this.#trial.withinMs);
    void this.#watch(this.#trial, gateway, config, signal);
  }

  /** The configuration on trial could not be run. */
  failed(cause: string): void {
    this.#end("reverted", cause);
  }

  async propose(order: Proposal, who: string, isStillGood = () => true): Promise<Done> {
    const running = this.#running;
    if (running === null || this.isBusy) {
      return refusedBy("command.busy", "another configuration is on trial");
    }
    this.#isChecking = true;
    try {
      return await this.#try(order, who, isStillGood, running);
    } finally {
      this.#isChecking = false;
    }
  }

  /** What decides is whether it does well: whoever asked is at the box, and can end the trial. */
  tryLeft(withinMs: number, who: string): Promise<Done> {
    return this.propose({ yaml: null, withinMs, confirm: false }, who);
  }

  /** Checks a candidate and reads it dry; begins its trial where there is nothing against it. */
  async #try(
    order: Proposal,
    who: string,
    isStillGood: () => boolean,
    running: Running,
  ): Promise<Done> {
    if (order.yaml !== null) this.#store.propose(order.yaml);
    else if (!this.#store.take()) return refusedBy("command.failed", "none was left to be tried");
    const checked = await this.#checked(running.config);
    if ("outcome" in checked) {
      this.#store.discard();
      return checked;
    }
    const read = await running.gateway.dryRead(checked.config);
    const why = read.bad > 0 && read.good === 0 ? "no point of it could be read" : null;
    if (why !== null || !isStillGood()) {
      this.#store.discard();
      if (why === null) return refusedBy("command.expired", "it took too long to check");
      return { ...refusedBy("config.invalid", why), result: { read } };
    }
    return this.#begin(order, who, checked.config, read, running);
  }

  confirm(who: string, meant?: string): Promise<Done> {
    if (this.#trial === null) return Promise.resolve(NOTHING_ON_TRIAL);
    if (this.#isToChange) return Promise.resolve(refusedBy("command.busy", "it is rolled back"));
    const { fingerprint: configuration } = this.#trial;
    if (meant !== undefined && meant !== configuration) {
      return Promise.resolve(refusedBy("command.failed", `${configuration} is on trial`));
    }
    this.#trial.isConfirmed = true;
    return Promise.resolve({ outcome: "done", code: null, result: { configuration, who } });
  }

  rollback(who: string, isStillGood = () => true): Promise<Done> {
    if (this.#trial !== null) {
      const { fingerprint: configuration } = this.#trial;
      this.#later(() => this.#end("reverted", "rolled-back"));
      return Promise.resolve({ outcome: "done", code: null, result: { reverts: configuration } });
    }
    const yaml = this.#store.lastOther();
    if (yaml === null) {
      return Promise.resolve(refusedBy("command.failed", "no configuration was replaced yet"));
    }
    return this.propose({ yaml, withinMs: ROLLBACK_MS, confirm: false }, who, isStillGood);
  }

  /** The candidate as it was read, or why it is not taken: as `lifeline check` says. */
  async #checked(running: GatewayConfig): Promise<{ readonly config: GatewayConfig } | Done> {
    const { readConfigApart } = await import("../../config/read-apart.ts");
    const { planBuses } = await import("../acquire/poll-plan.ts");
    const { config, problems } = await readConfigApart(this.#store.candidate, this.#lang);
    if (config === null) {
      const detail = "lifeline check refuses it";
      return { ...refusedBy("config.invalid", detail), result: { problems: shortened(problems) } };
    }
    const overloaded = planBuses(config).filter(({ verdict }) => verdict === "overloaded");
    if (overloaded.length > 0) {
      const buses = overloaded.map(({ bus }) => bus).join(", ");
      return refusedBy("config.invalid", `the buses cannot carry their plan: ${buses}`);
    }
    if (config.gateway.id !== running.gateway.id) {
      return refusedBy("config.invalid", `it is for ${config.gateway.id}`);
    }
    // What is owed, the alarms and the memory of commands would stay behind.
    if (config.buffer.dir === running.buffer.dir) return { config };
    return refusedBy("config.invalid", "buffer.dir can only be changed by hand");
  }

  #begin(
    { withinMs, confirm }: Proposal,
    who: string,
    config: GatewayConfig,
    read: DryRead,
    running: Running,
  ): Done {
    this.#store.begin();
    const { fingerprint } = config;
    const before = healthOf(running.gateway.status(), running.config);
    this.#later(() => {
      const given = { withinMs, confirm, fingerprint, who, before, previous: running.config };
      this.#trial = { ...given, until: null, isConfirmed: false };
      this.#note("trial", "command", { configuration: fingerprint, who });
      this.#change.resolve(config);
    });
    const result = { state: "trial", configuration: fingerprint, withinMs, confirm, read };
    return { outcome: "done", code: null, result };
  }

  /** Does `step` once the answer to whoever asked for it is on its way. */
  #later(step: () => void): void {
    if (this.#isToChange) return;
    this.#isToChange = true;
    void this.#world.clock.sleep(CHANGE_AFTER_MS).then(() => {
      this.#isToChange = false;
      step();
    });
  }

  /** Looks at a trial until it is kept, or over. */
  async #watch(
    trial: Trial,
    gateway: RunningGateway,
    config: GatewayConfig,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#world;
    let wellSince: UptimeMs | null = null;
    while (!signal.aborted && this.#trial === trial) {
      const now = clock.uptime();
      const isWell = isHealthy(trial.before, healthOf(gateway.status(), config), config);
      wellSince = isWell ? (wellSince ?? now) : null;
      const isStable = wellSince !== null && now >= after(wellSince, STABLE_MS);
      const isOver = trial.until !== null && now >= trial.until;
      // One that is about to be rolled back is not kept in the meantime.
      const mayEnd = isStable && !this.#isToChange;
      if (mayEnd && (trial.isConfirmed || !trial.confirm)) {
        this.#end("kept", trial.isConfirmed ? "confirmed" : "healthy");
      } else if (isOver) this.#end("reverted", isWell ? "unconfirmed" : "unhealthy");
      else await clock.sleep(LOOK_MS, signal).catch(() => {});
    }
  }

  #end(verdict: Verdict, cause: string): void {
    if (this.#trial === null) return;
    const { fingerprint: configuration, who, previous } = this.#trial;
    this.#trial = null;
    const failure = verdict === "kept" ? this.#keep() : null;
    if (verdict === "kept" && failure === null) {
      this.#note("kept", cause, { configuration, who });
      return;
    }
    this.#discard();
    this.#note("reverted", failure ?? cause, { configuration, who });
    this.#change.resolve(previous);
  }

  /** The candidate takes the place of the file; why not, where the disk does not take it. */
  #keep(): string | null {
    try {
      this.#store.keep();
      return null;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return error.code;
    }
  }

  /** A disk that takes nothing keeps nobody from going back: the next start discards it then. */
  #discard(): void {
    try {
      this.#store.discard();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#world.log("error", error.message, { code: error.code });
    }
  }

  #note(to: "trial" | Verdict, cause: string, detail: Readonly<Record<string, string>>): void {
    const from = to === "trial" ? "kept" : "trial";
    const turn = { kind: "gateway", from, to, cause, detail } as const;
    const text = sayConfig(this.#lang, to);
    this.#world.log(to === "reverted" ? "warn" : "info", text, { cause, ...detail });
    // While it still runs the gateway itself tells it; what it does not, the next one does.
    if (to === "kept" && this.#running !== null) {
      const { gateway, config } = this.#running;
      gateway.tell({ ...turn, subject: config.gateway.id });
    } else this.#untold.push(turn);
  }

  #stopped(): void {
    this.#running = null;
  }
}

const NOTHING_ON_TRIAL: Done = refusedBy("command.failed", "no configuration is on trial");

function refusedBy(code: NonNullable<Done["code"]>, detail: string): Done {
  return { outcome: "refused", code, detail };
}

/** The first problems, in few words. */
function shortened(problems: LoadResult["problems"]) {
  return problems.slice(0, PROBLEMS_MAX).map(({ severity, code, line, column, path, message }) => {
    return { severity, code, line, column, path, message: message.en };
  });
}
