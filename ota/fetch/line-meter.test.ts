import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";
import { LEAST_PACE } from "../trust/pace.ts";
import { LineMeter, type LineRules } from "./line-meter.ts";

const PATH = "pi4/stable/app.tar";
const LENGTH = 1_000_000;
const FREE: LineRules = { bytesPerS: null, monthlyBytes: null };
const DAY_MS = 86_400_000;

/** A gateway, and a repository with one file of a megabyte. */
class Rig {
  readonly bytes = randomBytes(LENGTH);
  readonly trust: TrustRig;
  readonly file: string;

  constructor(t: ExecutionContext) {
    const repository = new SignedRepository();
    repository.expires = "2030-01-01T00:00:00Z";
    repository.publishRoot({ version: 1 });
    repository.addTarget(PATH, this.bytes);
    this.trust = new TrustRig(t, repository.publish());
    this.file = join(this.trust.folder, "used.json");
  }

  /** As a new process would. */
  meter(rules: Partial<LineRules> = {}): LineMeter {
    return new LineMeter(this.file, { ...FREE, ...rules }, this.trust.clock);
  }

  fetch(meter: LineMeter): Promise<Buffer> {
    const { transport, clock } = this.trust;
    return this.trust.fetch(PATH, { reader: { transport, clock, pace: LEAST_PACE, meter } });
  }
}

test("no more is fetched in a second than is allowed, and slow is not what the server is", async (t) => {
  const rig = new Rig(t);
  const from = rig.trust.clock.uptime();
  t.true((await rig.fetch(rig.meter({ bytesPerS: 1_000 }))).equals(rig.bytes));
  const seconds = (rig.trust.clock.uptime() - from) / 1_000;
  t.true(seconds >= 995, `${seconds}`);
});

test("a month's data are not exceeded, over however many restarts, and it goes on next month", async (t) => {
  const rig = new Rig(t);
  const rules = { monthlyBytes: 600_000 };
  for (const _ of [1, 2, 3]) {
    const meter = rig.meter(rules);
    t.is(await codeOf(rig.fetch(meter)), "ota.budget");
    const { usedBytes } = meter;
    t.true(usedBytes >= 600_000 && usedBytes < 605_000 + 6_000, `${usedBytes}`);
  }
  t.true(rig.trust.transport.sentBytes < 606_000);
  const told = await t.throwsAsync(rig.meter(rules).admit(rig.trust.signal));
  t.regex(told?.message ?? "", /600000 are allowed; it goes on on 2026-02-01 \(UTC\)/);
  await rig.trust.clock.advance(31 * DAY_MS);
  t.true((await rig.fetch(rig.meter(rules))).equals(rig.bytes));
  t.true(rig.trust.transport.sentBytes < LENGTH + 15_000, "what came was kept");
});

test("what somebody ordered is not held back, and counts", async (t) => {
  const rig = new Rig(t);
  t.true((await rig.fetch(rig.meter())).equals(rig.bytes));
  const meter = rig.meter({ monthlyBytes: 1_000_000 });
  t.true(meter.usedBytes > LENGTH && meter.usedBytes < LENGTH + 300_000);
  await t.throwsAsync(meter.admit(rig.trust.signal), { code: "ota.budget" });
});

test("where no data are allowed nobody is asked for anything", async (t) => {
  const rig = new Rig(t);
  t.is(await codeOf(rig.fetch(rig.meter({ monthlyBytes: 0 }))), "ota.budget");
  t.deepEqual(rig.trust.transport.asked, []);
});

test("what is counted is on the disk before it comes, and exact once it is settled", (t) => {
  const rig = new Rig(t);
  const meter = rig.meter();
  const written = () => JSON.parse(readFileSync(rig.file, "utf8"));
  for (let count = 0; count < 100; count++) {
    meter.count(10_000);
    t.true(written().bytes >= meter.usedBytes);
  }
  meter.settle();
  t.deepEqual(written(), { v: 1, month: "2026-01", bytes: LENGTH });
});

test("a clock that is not synchronised begins no new month, and one that was wrong ends none", async (t) => {
  const rig = new Rig(t);
  const { clock } = rig.trust;
  writeFileSync(rig.file, '{"v":1,"month":"2025-12","bytes":5}');
  clock.setState("unsynced");
  t.is(rig.meter().usedBytes, 5);
  clock.setState("synced");
  t.is(rig.meter().usedBytes, 0);
  writeFileSync(rig.file, '{"v":1,"month":"2099-12","bytes":5}');
  t.is(rig.meter().usedBytes, 0);
  await clock.advance(1);
});

test("a ledger that is torn counts as nothing, and one that cannot be kept stops the fetching", (t) => {
  const rig = new Rig(t);
  for (const text of [
    "",
    "null",
    "{",
    '{"month":"x","bytes":1}',
    '{"month":"2026-01","bytes":-1}',
  ]) {
    writeFileSync(rig.file, text);
    t.is(rig.meter().usedBytes, 0, text);
  }
  const lost = new LineMeter(join(rig.trust.folder, "none/used"), FREE, rig.trust.clock);
  t.throws(() => lost.count(1), { code: "ota.disk" });
});
