import { openLocalLedger } from "../../buffer/local.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { AlarmEvent } from "../../edge/core/event.ts";
import type { Committed, Ledger, Thinning } from "../../edge/core/ledger.ts";
import { countIn, hasSeq } from "../../edge/core/seq-set.ts";
import type { ClockState, UptimeMs, WallMs } from "../../edge/core/time.ts";
import { event, optionsFor, tamper } from "./buffer-rig.ts";
import { Random } from "./random.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const POINTS = ["d.p0", "d.p1", "d.p2", "d.p3"];
/** In the middle of a second, so that no rounding moves a reading into another minute. */
const FIRST_TRUTH = 1_767_225_600_500;
/** A clock that is moved by no more than this was not set. */
const STEP_MS = 500;
/** How far around alarms everything stays. */
const AROUND_MS = MINUTE;

const RAISE = "CREATE TRIGGER boom BEFORE INSERT ON event WHEN NEW.body LIKE '%boom%'";

/** A moment as it was, and as the clock showed it. */
type Truth = { readonly at: number; readonly boot: number; readonly aheadMs: number };
type Clock = Pick<Truth, "boot" | "aheadMs">;

/**
 * A machine that measures every second in front of a buffer that is full after some minutes, and
 * knows what was true: its clock may be set, be right or not, and it starts anew.
 */
export class SmallMachine {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #random = new Random(7);
  #ledger: Ledger | null = null;
  #boot = 0;
  #uptime = 0;
  #truth = FIRST_TRUTH;
  #aheadMs = 0;
  #isSynced = false;
  readonly #truths = new Map<number, Truth & { readonly values: readonly number[] }>();
  readonly #alarms: Truth[] = [];
  /** Each message as it was told when it could be sent first. */
  readonly #told = new Map<number, Batch>();
  #toldUpTo = 0;
  /** What was thinned so far. */
  readonly thinnings: Thinning[] = [];

  /** Its buffer is in `dir` and takes at most `maxBytes`. */
  constructor(dir: string, maxBytes: number) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  get ledger(): Ledger {
    if (this.#ledger === null) throw new Error("the machine was not started");
    return this.#ledger;
  }

  /** How each message was told that could be sent so far, by its seq. */
  get told(): ReadonlyMap<number, Batch> {
    return this.#told;
  }

  /** It starts anew half a minute later, and does not know the time. */
  async reboot(): Promise<void> {
    this.#boot++;
    this.#truth += MINUTE / 2;
    [this.#uptime, this.#aheadMs, this.#isSynced] = [0, 0, false];
    await this.restart();
  }

  /** Only the gateway starts anew. */
  async restart(): Promise<void> {
    await this.#ledger?.close();
    const options = { maxBytes: this.#maxBytes, aroundMs: AROUND_MS, boot: `boot-${this.#boot}` };
    this.#ledger = await openLocalLedger(optionsFor(this.#dir, options));
  }

  async close(): Promise<void> {
    await this.#ledger?.close();
  }

  /** Measures for `seconds`. */
  async pass(seconds: number): Promise<void> {
    for (let n = 0; n < seconds; n++) {
      this.#tick();
      await this.#measure();
    }
  }

  /** The clock is right from now on, and what waits is told by it. */
  async sync(): Promise<void> {
    [this.#aheadMs, this.#isSynced] = [this.#truth - this.#uptime, true];
    await this.#keep(await this.ledger.commit({ time: this.#timeKnown() }));
  }

  /** What waits may go as it is. */
  async letGo(): Promise<void> {
    const letGo = ["readings", "events"] as const;
    await this.#keep(await this.ledger.commit({ time: { known: null, letGo } }));
  }

  /** Somebody sets the clock by so much; nobody knows then whether it is right. */
  set(byMs: number): void {
    this.#aheadMs += byMs;
    this.#isSynced = false;
  }

  /** An alarm is raised. */
  async alarm(): Promise<void> {
    this.#alarms.push(this.#now());
    await this.#keep(await this.ledger.commit({ events: [this.#alarmEvent()] }));
  }

  /** Commits fail at their last step, which also would have made the time known. */
  async fail(): Promise<void> {
    await this.#tamper(`${RAISE} BEGIN SELECT RAISE(ABORT, 'boom'); END`);
    for (let tries = 0; tries < 3; tries++) {
      this.#tick();
      const batches = [this.#batch([1, 2, 3, 4])];
      const commit = { batches, events: [event("boom")], time: this.#timeKnown() };
      const isStored = await this.ledger.commit(commit).then(
        () => true,
        () => false,
      );
      if (isStored) throw new Error("the commit did not fail");
    }
    await this.#measure();
    await this.#tamper("DROP TRIGGER boom");
  }

  /** What is wrong with all that could be sent, or null. */
  async fault(): Promise<string | null> {
    for (const { seq, batch } of await this.ledger.readBatches(1, 100_000)) {
      if (seq > this.#toldUpTo) break;
      const text = JSON.stringify(batch);
      if (batch === null || text !== JSON.stringify(this.#told.get(seq))) {
        return `${seq} is ${text}, not as it was`;
      }
      const wrong = this.#wrongTime(seq, batch);
      if (wrong !== null) return wrong;
    }
    for (const thinning of this.thinnings) {
      const wrong = this.#wrongThinning(thinning);
      if (wrong !== null) return wrong;
    }
    return null;
  }

  #wrongTime(seq: number, { at, clock, between = [0, Infinity] }: Batch): string | null {
    const truth = this.#truths.get(seq)?.at;
    if (truth === undefined) return null;
    const isNear = clock === "unsynced" || Math.abs(at - truth) <= SECOND;
    const isWithin = between[0] <= truth && truth <= between[1];
    return isNear && isWithin ? null : `${seq} is of ${at}, ${clock} ${between}: it was ${truth}`;
  }

  /** The minutes of what was thinned, worked out once more. */
  #wrongThinning({ windowMs, seqs, into }: Thinning): string | null {
    const whole = [...this.#truths].filter(([seq]) => hasSeq(seqs, seq));
    const near = whole.find(([, one]) => this.#alarms.some((alarm) => isNear(alarm, one)));
    if (near !== undefined) return `${near[0]} was thinned, and is near an alarm`;
    // What was thinned before is known by its own minutes; what waits may never be seen.
    const made = [...this.#told].filter(([seq]) => hasSeq(into, seq));
    if (windowMs !== MINUTE || made.length < countIn(into)) return null;
    const minutes = new Map<string, number[]>();
    let [clocks, last] = [0, null as Clock | null];
    for (const [seq, { boot, aheadMs, values }] of whole) {
      const told = this.#told.get(seq);
      if (told === undefined) return `${seq} was thinned and waited for its time`;
      const { clock } = told;
      const minute = Math.floor(told.at / MINUTE);
      if (clock === "unsynced") {
        if (last !== null && !isOneClock(last, { boot, aheadMs })) clocks++;
        last = { boot, aheadMs };
      }
      for (const [p, point] of POINTS.entries()) {
        const own = clock === "unsynced" ? ` of clock ${clocks}` : "";
        const name = `${point} ${clock} ${minute}${own}`;
        minutes.set(name, [...(minutes.get(name) ?? []), values[p] ?? 0]);
      }
    }
    const expected = [...minutes.values()].map(textOf).toSorted();
    const found = made.flatMap(([, batch]) => windowsOf(batch)).toSorted();
    return expected.join() === found.join()
      ? null
      : `${[...minutes.keys()]} became ${found}, not ${expected}`;
  }

  async #measure(): Promise<void> {
    const values = POINTS.map(() => Math.round(this.#random.between(-1e9, 1e9)));
    const committed = await this.ledger.commit({ batches: [this.#batch(values)] });
    for (const seq of committed.batches) this.#truths.set(seq, { ...this.#now(), values });
    await this.#keep(committed);
  }

  async #keep({ dropped, held }: Committed): Promise<void> {
    this.thinnings.push(...dropped.thinned);
    const from = this.#toldUpTo + 1;
    const upTo = held.readings === null ? Infinity : held.readings.from - 1;
    if (upTo < from) return;
    const most = Math.min(upTo - from + 1, 10_000);
    for (const { seq, batch } of await this.ledger.readBatches(from, most)) {
      if (seq > upTo) break;
      if (batch !== null) this.#told.set(seq, batch);
      this.#toldUpTo = seq;
    }
    // What went while it waited for its time leaves nothing to look for.
    if (upTo < Infinity) this.#toldUpTo = upTo;
  }

  async #tamper(sql: string): Promise<void> {
    await this.close();
    tamper(this.#dir, (db) => db.exec(sql));
    await this.restart();
  }

  #tick(): void {
    this.#truth += SECOND;
    this.#uptime += SECOND;
  }

  #timeKnown() {
    const uptime = this.#uptime as UptimeMs;
    return { known: { offsetMs: this.#truth - uptime, uptime, errorMs: 100 }, letGo: [] };
  }

  #now(): Truth {
    return { at: this.#truth, boot: this.#boot, aheadMs: this.#aheadMs };
  }

  #stamp() {
    const clock: ClockState = this.#isSynced ? "synced" : "unsynced";
    const at = (this.#uptime + this.#aheadMs) as WallMs;
    return { at, clock, uptime: this.#uptime as UptimeMs };
  }

  #batch(values: readonly number[]): Batch {
    const series = POINTS.map((point, i) => {
      return { point, unit: null, t: [0], v: [values[i] ?? null], q: null };
    });
    return { ...this.#stamp(), series };
  }

  #alarmEvent(): AlarmEvent {
    const rule = { alarm: "gas-high", point: "d.p0", severity: "red", setpoint: 50 } as const;
    const turn = { from: "normal", to: "unacknowledged", cause: "high" } as const;
    return { kind: "alarm", ...rule, ...turn, value: 51, unit: null, ...this.#stamp() };
  }
}

/** Whether `one` happened around `alarm`, in the same boot. */
function isNear(alarm: Truth, one: Truth): boolean {
  return alarm.boot === one.boot && Math.abs(alarm.at - one.at) <= AROUND_MS;
}

/** Whether a minute of the clock `one` goes on under the clock `other`, which was never right either. */
function isOneClock(one: Clock, other: Clock): boolean {
  return one.boot === other.boot && Math.abs(one.aheadMs - other.aheadMs) <= STEP_MS;
}

function windowsOf({ series }: Batch): readonly string[] {
  return series.flatMap(({ v, thinned }) =>
    v.map((_, i) => [thinned?.n[i], thinned?.min[i], thinned?.max[i]].join(" ")),
  );
}

function textOf(values: readonly number[]): string {
  return [values.length, Math.min(...values), Math.max(...values)].join(" ");
}
