import { allPoints, type GatewayConfig } from "../config/gateway-config.ts";
import { AlarmDesk } from "./alarm/alarm-desk.ts";
import type { AlarmOrder, AlarmOrderOutcome } from "./alarm/alarm-order.ts";
import type { AlarmStatus } from "./alarm/alarm-status.ts";
import type { AlarmMemory } from "./core/alarm-memory.ts";
import type { Event } from "./core/event.ts";
import type { Interlocks } from "./core/interlock.ts";
import type { LedgerState } from "./core/ledger.ts";
import type { LoopProgress } from "./core/progress.ts";
import type { Reading } from "./core/reading.ts";
import { streamId } from "./core/stream-id.ts";
import { Doorbell } from "./doorbell.ts";
import { InterlockDesk } from "./interlock/interlock-desk.ts";
import type { MadeDocument } from "./interlock/journal.ts";
import type { InterlockAnswer, InterlockOrder } from "./interlock/orders.ts";
import { type OutputWays, outputFinder } from "./interlock/output-finder.ts";
import { staleAfterMs } from "./measure/stale.ts";
import type { World } from "./world.ts";

/** How often time passes over the alarms, in milliseconds. */
const ALARM_PASS_MS = 1_000;

export type GuardParts = {
  readonly world: Pick<World, "clock" | "random">;
  readonly config: GatewayConfig;
  /** What was known of alarms and interlocks when the gateway started. */
  readonly ledgerState: Pick<LedgerState, "alarms" | "interlocks">;
  readonly unitOf: (point: string) => string | null;
  /** Takes an event, with the new state of its alarm or of the interlocks. Must not wait. */
  readonly tell: (event: Event, memory: AlarmMemory | null, interlocks: Interlocks | null) => void;
  /** Resolves true once all that was told so far is stored; false when it never will be. */
  readonly whenStored: () => Promise<boolean>;
} & OutputWays;

/** Judges what is read by the alarms and acts by the interlocks: first acts, then tells. */
export class Guard {
  readonly #parts: GuardParts;
  readonly #passing: Doorbell;
  readonly #alarms: AlarmDesk;
  readonly #interlocks: InterlockDesk;

  constructor(parts: GuardParts, signal: AbortSignal) {
    const { world, config, ledgerState, unitOf, tell } = parts;
    const { clock } = world;
    this.#parts = parts;
    this.#passing = new Doorbell(clock, signal);
    const ages = new Map(allPoints(config).map((point) => [point.id, staleAfterMs(point)]));
    this.#alarms = new AlarmDesk({
      clock,
      rules: config.alarms,
      memories: ledgerState.alarms,
      unitOf,
      timeZone: config.gateway.timeZone,
      staleAfterMs: (point) => ages.get(point) ?? Number.POSITIVE_INFINITY,
      onEvent: (event, memory) => {
        // The write is with its bus before anything is told, which takes a commit.
        this.#interlocks.onAlarm(event);
        tell(event, memory, null);
      },
    });
    this.#interlocks = new InterlockDesk(
      {
        clock,
        rules: config.interlocks,
        remembered: ledgerState.interlocks,
        newOrigin: () => streamId(clock.now(), () => world.random()),
        outputOf: outputFinder(config, parts),
        unitOf,
        onEvent: (event, interlocks) => tell(event, null, interlocks),
        whenStored: parts.whenStored,
      },
      signal,
    );
  }

  /** Goes on from what was known when the gateway started. */
  resume(): void {
    this.#alarms.resume();
    this.#interlocks.resume(this.#alarms.status());
  }

  /** Judges `measured` readings; gives those that belong to the story of an alarm. */
  judge(measured: readonly Reading[]): readonly Reading[] {
    const telling = this.#alarms.judge(measured);
    this.#interlocks.onReadings(measured);
    return telling;
  }

  actOnAlarm(alarm: string, order: AlarmOrder): AlarmOrderOutcome {
    return this.#alarms.act(alarm, order);
  }

  actOnInterlock(order: InterlockOrder): Promise<InterlockAnswer> {
    return this.#interlocks.act(order);
  }

  /** Records a document that was made, in the chain of the interlocks' events. */
  record(document: MadeDocument): void {
    this.#interlocks.record(document);
  }

  status() {
    const alarms: readonly AlarmStatus[] = this.#alarms.status();
    return { alarms, interlocks: this.#interlocks.status() };
  }

  /** What the loops of alarms and interlocks are doing. */
  progress(): readonly LoopProgress[] {
    const { alarms, interlocks } = this.#parts.config;
    const passing = { kind: "alarms", name: "alarms", progress: this.#passing.progress } as const;
    const acting = {
      kind: "interlocks",
      name: "interlocks",
      progress: this.#interlocks.progress,
    } as const;
    return [...(alarms.length > 0 ? [passing] : []), ...(interlocks.length > 0 ? [acting] : [])];
  }

  /** Lets time pass, also while nothing is read, until the signal aborts. Rejects with its reason. */
  async run(): Promise<void> {
    await Promise.all([this.#interlocks.run(), this.#passTime()]);
  }

  async #passTime(): Promise<void> {
    if (this.#parts.config.alarms.length === 0) return;
    for (;;) {
      await this.#passing.wait(ALARM_PASS_MS);
      this.#alarms.pass();
    }
  }
}
