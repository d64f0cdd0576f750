import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { loadConfig } from "../../config/load.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Turn } from "../gateway-event.ts";
import type { RunningGateway } from "../running-gateway.ts";
import { ConfigStore } from "../world/config-store.ts";
import type { World } from "../world.ts";
import { Reconfiguring } from "./reconfiguring.ts";

const YAML = "gateway: { id: gw-test }\n";
const OTHER = "gateway: { id: gw-test, site: { name: Elsewhere } }\n";

/** A gateway without buses that always does well, and what may change its configuration. */
function rig(t: ExecutionContext) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-config-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "gateway.yaml");
  writeFileSync(file, YAML);
  const clock = new SimClock();
  const world = { clock, log: () => {} } as unknown as World;
  const changing = new Reconfiguring(world, file, "en");
  const turns: string[] = [];
  const gateway = {
    status: () => ({ points: [], buses: [], destinations: [] }),
    dryRead: () => Promise.resolve({ good: 0, bad: 0, untried: 0, why: [] }),
    tell: ({ to, cause }: Turn) => turns.push(`${to} ${cause}`),
  } as unknown as RunningGateway;
  const readFile = () => "";
  const { config } = loadConfig(YAML, { profiles: new Map(), readFile, env: () => undefined });
  if (config === null) throw new Error("the configuration is not sound");
  /** Starts the gateway with what it is to run with. */
  const start = (asked = config) => {
    const over = new AbortController();
    t.teardown(() => over.abort());
    const next = changing.nextChange().then((other) => {
      over.abort();
      return other;
    });
    changing.started(gateway, asked, over.signal);
    return next;
  };
  const text = () => readFileSync(file, "utf8");
  return { changing, clock, start, turns, text, store: new ConfigStore(file) };
}

test("a trial that is to be rolled back is not kept in the meantime, and takes no confirmation", async (t) => {
  const { changing, clock, start, turns, text } = rig(t);
  const first = start();
  const asked = { yaml: OTHER, withinMs: 60_000, confirm: true };
  t.like(await changing.propose(asked, "fleet"), { outcome: "done" });
  await clock.advance(3_000);
  const second = start(await first);
  t.like(await changing.confirm("fleet"), { outcome: "done" });
  await clock.advance(9_500);
  t.like(await changing.rollback("fleet"), { outcome: "done" });
  t.like(await changing.confirm("fleet"), { outcome: "refused" });
  await clock.advance(5_000);
  void start(await second);
  t.is(text(), YAML);
  t.deepEqual(turns, ["trial command", "reverted rolled-back"]);
});

test("a trial that does well and is confirmed is kept", async (t) => {
  const { changing, clock, start, turns, text } = rig(t);
  const first = start();
  await changing.propose({ yaml: OTHER, withinMs: 60_000, confirm: true }, "fleet");
  t.like(await changing.confirm("fleet"), { outcome: "refused" }, "it has not begun");
  await clock.advance(3_000);
  void start(await first);
  await changing.confirm("fleet");
  await clock.advance(12_000);
  t.is(text(), OTHER);
  t.deepEqual(turns, ["trial command", "kept confirmed"]);
});

test("a confirmation of another configuration than the one on trial is refused", async (t) => {
  const { changing, clock, start, turns, text } = rig(t);
  const first = start();
  const asked = await changing.propose({ yaml: OTHER, withinMs: 60_000, confirm: true }, "fleet");
  await clock.advance(3_000);
  void start(await first);
  const other = await changing.confirm("fleet", "sha256:0");
  t.like(other, { outcome: "refused", code: "command.failed" });
  await clock.advance(20_000);
  t.deepEqual(turns, ["trial command"], "it is not confirmed");
  const { configuration } = asked.result as { readonly configuration: string };
  t.like(await changing.confirm("fleet", configuration), { outcome: "done" });
  await clock.advance(12_000);
  t.is(text(), OTHER);
  t.deepEqual(turns, ["trial command", "kept confirmed"]);
});

test("a configuration that was left beside the file is tried, and kept without a confirmation", async (t) => {
  const { changing, clock, start, turns, text, store } = rig(t);
  const first = start();
  t.like(await changing.tryLeft(60_000, "li"), { outcome: "refused", code: "command.failed" });
  store.leave(OTHER);
  t.like(await changing.tryLeft(60_000, "li"), { outcome: "done" });
  t.is(text(), YAML);
  await clock.advance(3_000);
  void start(await first);
  await clock.advance(12_000);
  t.is(text(), OTHER);
  t.deepEqual(turns, ["trial command", "kept healthy"]);
});

test("one that was left while another is on trial takes nothing from that", async (t) => {
  const { changing, clock, start, text, store } = rig(t);
  const first = start();
  await changing.propose({ yaml: OTHER, withinMs: 60_000, confirm: false }, "fleet");
  store.leave("gateway: { id: gw-test, site: { name: Third } }\n");
  t.like(await changing.tryLeft(60_000, "li"), { outcome: "refused", code: "command.busy" });
  await clock.advance(3_000);
  void start(await first);
  await clock.advance(12_000);
  t.is(text(), OTHER);
});

test("a command to go back that has expired while it was checked changes nothing", async (t) => {
  const { changing, clock, start, text } = rig(t);
  const first = start();
  await changing.propose({ yaml: OTHER, withinMs: 60_000, confirm: false }, "fleet");
  await clock.advance(3_000);
  void start(await first);
  await clock.advance(12_000);
  t.is(text(), OTHER);
  const back = changing.rollback("fleet", () => false);
  t.like(await back, { outcome: "refused", code: "command.expired" });
  await clock.advance(5_000);
  t.is(text(), OTHER);
});
