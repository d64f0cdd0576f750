import { rmSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import type { Batch } from "../edge/core/batch.ts";
import type { Held, Ledger, StoredBatch } from "../edge/core/ledger.ts";
import type { ClockState, UptimeMs, WallMs } from "../edge/core/time.ts";
import { optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { scratchDirectory } from "../test-rigs/sim/scratch.ts";
import { checkSum } from "./cells.ts";
import { openLocalLedger } from "./local.ts";

const NOTHING = { known: null, letGo: [] } as const;
const HOUR_MS = 3_600_000;

function batchAt(uptime: number, aheadMs: number, clock: ClockState): Batch {
  const series = [{ point: "a.b", unit: null, t: [0, 1000], v: [uptime, 1], q: null }];
  const at = Math.round(uptime + aheadMs) as WallMs;
  return { at, clock, series, uptime: uptime as UptimeMs };
}

const anchorAt = (uptime: number, offsetMs: number) => {
  return { offsetMs, uptime: uptime as UptimeMs, errorMs: 100 };
};

const toldIn = (rows: readonly StoredBatch[]) =>
  rows.map(({ batch }) => [batch?.at, batch?.clock, batch?.between].filter((x) => x !== undefined));

test("what was stored before the time was known waits, and is told right once it is", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const first = await ledger.commit({ batches: [batchAt(1000, 0, "unsynced")] });
  t.deepEqual(first.held.readings, { from: 1, count: 1 });
  await ledger.close();
  const again = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await again.state()).held.readings, { from: 1, count: 1 });
  const more = [batchAt(2000, 5000, "unsynced"), batchAt(3000, 1e12, "synced")];
  t.deepEqual((await again.commit({ batches: more })).held.readings, { from: 1, count: 2 });
  const known = anchorAt(3000, 1e12);
  const settled = await again.commit({ time: { known, letGo: [] } });
  t.is(settled.held.readings, null);
  t.deepEqual(toldIn(await again.readBatches(1, 10)), [
    [1e12 + 1000, "corrected"],
    [1e12 + 2000, "corrected"],
    [1e12 + 3000, "synced"],
  ]);
  await again.close();
});

test("what may go as it is stays so, whatever is learnt later", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t)));
  await ledger.commit({ batches: [batchAt(1000, 0, "unsynced")] });
  const time = { known: null, letGo: ["readings"] } as const;
  const let1 = await ledger.commit({ batches: [batchAt(2000, 0, "unsynced")], time });
  t.is(let1.held.readings, null);
  const held = await ledger.commit({ batches: [batchAt(3000, 0, "unsynced")] });
  t.deepEqual(held.held.readings, { from: 3, count: 1 });
  await ledger.commit({ time: { known: anchorAt(4000, 1e12), letGo: [] } });
  t.deepEqual(toldIn(await ledger.readBatches(1, 10)), [
    [1000, "unsynced"],
    [2000, "unsynced"],
    [1e12 + 3000, "corrected"],
  ]);
  await ledger.close();
});

test("a boot that knew the time once has the rest of it told by that after a power cut", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({
    batches: [batchAt(1000, 1e12, "synced")],
    time: { known: anchorAt(1000, 1e12), letGo: [] },
  });
  await first.commit({ batches: [batchAt(2000, 77, "unsynced")] });
  await first.close();
  const next = await openLocalLedger(optionsFor(dir, { boot: "boot-2" }));
  await next.commit({ batches: [batchAt(10, 0, "unsynced")], time: NOTHING });
  t.deepEqual(toldIn(await next.readBatches(2, 1)), [[1e12 + 2000, "corrected"]]);
  t.deepEqual((await next.state()).held.readings, { from: 3, count: 1 });
  await next.close();
});

/** What happens to the buffer of a machine; each step takes `ms`. */
type Step = { readonly kind: (typeof KINDS)[number]; readonly ms: number };
const KINDS = ["unsynced", "synced", "learn", "let", "step", "restart", "reboot"] as const;
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS, "unsynced", "unsynced", "learn"),
  ms: fc.integer({ min: 1001, max: 3 * HOUR_MS }),
});

class Machine {
  readonly #dir: string;
  readonly #driftPpm: number;
  #ledger: Ledger | null = null;
  #boot = 0;
  #truth = 1_767_225_600_000;
  #uptime = 0;
  #aheadMs = 0;
  #held: Held = null;
  /** The true time of each message, its boot, and what it first said when it could be sent. */
  readonly #messages: { readonly truth: number; readonly boot: number; sent?: string }[] = [];

  constructor(dir: string, driftPpm: number) {
    this.#dir = dir;
    this.#driftPpm = driftPpm;
  }

  async do({ kind, ms }: Step): Promise<void> {
    this.#truth += ms;
    this.#uptime += ms * (1 + this.#driftPpm * 1e-6);
    if (kind === "reboot" || this.#ledger === null) {
      this.#boot++;
      [this.#uptime, this.#aheadMs] = [0, 0];
    }
    if (kind === "reboot" || kind === "restart" || this.#ledger === null) await this.#open();
    const known = anchorAt(this.#uptime, this.#truth - this.#uptime);
    if (kind === "step") this.#aheadMs += ms % 2 === 0 ? 24 * HOUR_MS : -24 * HOUR_MS;
    if (kind === "unsynced") await this.#store(batchAt(this.#uptime, this.#aheadMs, "unsynced"));
    if (kind === "synced") {
      await this.#store(batchAt(this.#uptime, known.offsetMs, "synced"), { known, letGo: [] });
    }
    if (kind === "learn") await this.#commit({ time: { known, letGo: [] } });
    if (kind === "let") await this.#commit({ time: { known: null, letGo: ["readings"] } });
  }

  /** What is wrong with what could be sent by now, or null. */
  async fault(): Promise<string | null> {
    const upTo = this.#held === null ? Infinity : this.#held.from - 1;
    const rows = (await this.#ledger?.readBatches(1, 1000)) ?? [];
    let last = { boot: 0, at: 0, isKnown: false };
    for (const { seq, batch } of rows) {
      const message = this.#messages[seq - 1];
      if (seq > upTo || batch === null || message === undefined) continue;
      const { at, clock, between } = batch;
      const text = JSON.stringify([at, clock, between]);
      message.sent ??= text;
      if (message.sent !== text) return `${seq} was ${message.sent} and is ${text}`;
      const isKnown = clock !== "unsynced";
      const { truth, boot } = message;
      if (isKnown && Math.abs(at - truth) > 1001) return `${seq} is ${text}, it was ${truth}`;
      const [from, to] = between ?? [0, Infinity];
      if (truth < from - 1000 || truth > to + 1000) return `${seq} is ${text}, it was ${truth}`;
      if (isKnown && last.isKnown && last.boot === boot && at < last.at)
        return `${seq} is too early`;
      last = { boot, at, isKnown };
    }
    return null;
  }

  async close(): Promise<void> {
    await this.#ledger?.close();
    this.#ledger = null;
  }

  async #open(): Promise<void> {
    await this.close();
    this.#ledger = await openLocalLedger(optionsFor(this.#dir, { boot: `boot-${this.#boot}` }));
    this.#held = (await this.#ledger.state()).held.readings;
  }

  async #store(batch: Batch, time: Parameters<Ledger["commit"]>[0]["time"] = NOTHING) {
    this.#messages.push({ truth: this.#truth, boot: this.#boot });
    await this.#commit({ batches: [batch], time });
  }

  async #commit(commit: Parameters<Ledger["commit"]>[0]): Promise<void> {
    this.#held = (await this.#ledger?.commit(commit))?.held.readings ?? null;
  }
}

test("whatever befalls clock and machine, what could be sent never changes, and known times are true", async (t) => {
  const ppm = fc.integer({ min: -50, max: 50 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), ppm, async (steps, driftPpm) => {
      const dir = scratchDirectory();
      const machine = new Machine(dir, driftPpm);
      try {
        for (const each of steps) {
          await machine.do(each);
          const fault = await machine.fault();
          if (fault !== null) throw new Error(fault);
        }
      } finally {
        await machine.close();
        rmSync(dir, { recursive: true, force: true });
      }
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test("more than a thousand boots without the time are told in their order, within their bounds", async (t) => {
  const dir = tempDir(t);
  let ledger = await openLocalLedger(optionsFor(dir, { boot: "known" }));
  await ledger.commit({ batches: [batchAt(1000, 1e12, "synced")] });
  await ledger.close();
  tamper(dir, (db) => {
    const sql = "INSERT INTO boot (number, id, after, anchor, crc) VALUES (?, ?, 1e12, NULL, ?)";
    const boot = db.prepare(sql);
    const row = db.prepare(`INSERT INTO batch (seq, at, count, clock, boot, uptime, body)
      SELECT ?, ?, count, 'unsynced', ?, ?, body FROM batch WHERE seq = 1`);
    const waits = db.prepare("INSERT INTO unsynced VALUES ('readings', ?, ?, ?)");
    db.transaction(() => {
      for (let n = 2; n <= 1501; n++) {
        const id = `boot-${n}`;
        boot.run(n, id, checkSum(n, id, 1e12, null));
        row.run(n, 5000, n, 5000);
        waits.run(n, n, n);
      }
    })();
  });
  ledger = await openLocalLedger(optionsFor(dir, { boot: "last" }));
  t.is((await ledger.state()).held.readings?.count, 1500);
  await ledger.commit({ time: NOTHING });
  await ledger.commit({ time: { known: anchorAt(4000, 2e12), letGo: [] } });
  const told = toldIn(await ledger.readBatches(2, 1500)).map(([at]) => at as number);
  t.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  );
  t.true((told[0] as number) > 1e12 && (told.at(-1) as number) < 2e12);
  await ledger.close();
});
