import test from "ava";
import fc from "fast-check";
import { commander } from "../../test-rigs/centre/commander.ts";
import { SIM_EPOCH, SimClock } from "../../test-rigs/sim/clock.ts";
import type { CommandMemory } from "../core/command.ts";
import type { ClockState } from "../core/time.ts";
import type { Turn } from "../gateway-event.ts";
import { CommandDesk } from "./command-desk.ts";
import { newMemory } from "./memory.ts";
import type { Order } from "./order.ts";
import type { Done } from "./result.ts";

const OLD = newMemory((SIM_EPOCH - 3_600_000) as never);
const operator = () => commander("op", ["read", "write", "rate"]);

type Rig = {
  readonly remembered?: CommandMemory | null;
  readonly state?: ClockState;
  readonly keys?: readonly ReturnType<typeof operator>[];
  /** What carrying out an order comes to. */
  readonly does?: (order: Order) => Done | Promise<Done>;
  readonly orderedBy?: (id: string) => string | null;
};

type Disk = {
  memory: CommandMemory | null;
  takes: boolean;
  /** What a write waits for. */
  hangs: Promise<void> | null;
};

/** A desk over a disk and a field in memory; `acts` are the orders that were carried out. */
function rig({
  remembered = OLD,
  state = "synced",
  keys = [operator()],
  does,
  orderedBy,
}: Rig = {}) {
  const clock = new SimClock({ state });
  const disk: Disk = { memory: remembered, takes: true, hangs: null };
  const acts: Order[] = [];
  const turns: Turn[] = [];
  const rates: string[] = [];
  const start = () => {
    const desk = new CommandDesk({
      clock,
      gateway: "gw-1",
      configuration: "c1",
      keys: keys.map(({ key }) => key),
      destinations: new Set(["centre"]),
      remembered: disk.memory,
      store: async (memory) => {
        if (disk.hangs !== null) await disk.hangs;
        if (disk.takes) disk.memory = memory;
        return disk.takes;
      },
      carryOut: async (order) => {
        acts.push(order);
        return (await does?.(order)) ?? { outcome: "done", code: null, result: order.kind };
      },
      setRate: (destination, perS) => {
        rates.push(`${destination} ${perS}`);
        return destination === "centre";
      },
      tell: (turn) => turns.push(turn),
      onOwed: () => {},
      ...(orderedBy !== undefined && { orderedBy }),
    });
    desk.resume();
    return desk;
  };
  const give = async (desk: CommandDesk, text: string, via: string | null = "centre") =>
    JSON.parse(await desk.submit(Buffer.from(text), via));
  return {
    clock,
    disk,
    acts,
    turns,
    rates,
    start,
    give,
    op: keys[0] as ReturnType<typeof operator>,
  };
}

const WRITE = { kind: "write", point: "valve-1.shut", value: true };

test("a sound command acts once, is told as an event, and its result is owed until it is delivered", async (t) => {
  const { start, give, op, acts, turns, disk } = rig();
  const desk = start();
  const result = await give(desk, op.sign(WRITE, SIM_EPOCH));
  t.like(result, { v: 1, gateway: "gw-1", id: "op-1", key: "op", order: "write" });
  t.like(result, { outcome: "done", result: "write" });
  t.is(acts.length, 1);
  t.like(turns, [{ kind: "command", subject: "op", to: "done", detail: { via: "centre" } }]);
  const again = start();
  const owed = again.owed("centre");
  t.deepEqual(JSON.parse(owed?.payload ?? ""), result);
  again.delivered("centre", owed as never);
  t.is(again.owed("centre"), null);
  t.deepEqual(disk.memory?.results, []);
  t.is(start().owed("centre"), null);
});

test("whatever is refused changes nothing, is answered with its code, and makes an event", async (t) => {
  const stranger = commander("op", ["write"]);
  const unknown = commander("nobody", ["write"]);
  const mangled = (text: string, over: object) => JSON.stringify({ ...JSON.parse(text), ...over });
  const cases: readonly (readonly [string, (op: ReturnType<typeof operator>) => string])[] = [
    ["command.malformed", () => "{"],
    ["command.oversized", () => "x".repeat(300_000)],
    ["command.version", (op) => mangled(op.sign(WRITE, SIM_EPOCH), { v: 0 })],
    ["command.unsigned", (op) => mangled(op.sign(WRITE, SIM_EPOCH), { signature: "" })],
    ["command.key", () => unknown.sign(WRITE, SIM_EPOCH)],
    ["command.signature", () => stranger.sign(WRITE, SIM_EPOCH)],
    ["command.signature", (op) => mangled(op.sign(WRITE, SIM_EPOCH), { payload: "e30" })],
    ["command.malformed", (op) => op.sign(WRITE, SIM_EPOCH, { id: "a b" })],
    ["command.gateway", (op) => op.sign(WRITE, SIM_EPOCH, { gateway: "gw-2" })],
    ["command.expired", (op) => op.sign(WRITE, SIM_EPOCH - 60_000)],
    ["command.early", (op) => op.sign(WRITE, SIM_EPOCH + 10_001)],
    [
      "command.forgotten",
      (op) =>
        op.sign(WRITE, SIM_EPOCH, {
          issued: (OLD.from - 1) as never,
          expires: (SIM_EPOCH + 1) as never,
        }),
    ],
    ["command.forbidden", (op) => op.sign({ kind: "configure", yaml: "" }, SIM_EPOCH)],
    ["command.unsupported", (op) => op.sign({ kind: "explode" }, SIM_EPOCH)],
    ["command.malformed", (op) => op.sign({ kind: "write" }, SIM_EPOCH)],
  ];
  for (const [code, text] of cases) {
    const { start, give, op, acts, turns } = rig();
    t.like(await give(start(), text(op)), { outcome: "refused", code });
    t.deepEqual(acts, [], code);
    t.like(turns, [{ kind: "command", to: "refused", cause: code }]);
  }
});

test("a replay and a command that was overtaken are refused, also after a restart", async (t) => {
  const { start, give, op, acts } = rig();
  const [first, second] = [op.sign(WRITE, SIM_EPOCH), op.sign(WRITE, SIM_EPOCH)];
  const desk = start();
  t.like(await give(desk, second), { outcome: "done" });
  t.like(await give(desk, second), { code: "command.replay" });
  t.like(await give(desk, first), { code: "command.order" });
  const later = start();
  t.like(await give(later, second), { code: "command.replay" });
  t.like(await give(later, first, null), { code: "command.order" });
  t.is(acts.length, 1);
});

test("what was refused for now is refused for ever: nobody can give it again once it would pass", async (t) => {
  const { start, give, op, acts, clock } = rig({ state: "unsynced" });
  const text = op.sign(WRITE, SIM_EPOCH);
  const desk = start();
  t.like(await give(desk, text), { code: "command.clock" });
  clock.setState("synced");
  t.like(await give(desk, text), { code: "command.replay" });
  t.deepEqual(acts, []);
});

test("without the time points are read and nothing is written", async (t) => {
  const { start, give, op } = rig({ state: "unsynced" });
  const desk = start();
  const read = op.sign({ kind: "read", points: ["gas-1.gas"] }, SIM_EPOCH);
  t.like(await give(desk, read), { outcome: "done" });
  t.like(await give(desk, op.sign(WRITE, SIM_EPOCH)), { code: "command.clock" });
});

test("where nothing is remembered, what may have acted before this start is refused", async (t) => {
  const { start, give, op, clock } = rig({ remembered: null });
  const desk = start();
  await clock.advance(5000);
  t.like(await give(desk, op.sign(WRITE, SIM_EPOCH + 9_999)), { code: "command.forgotten" });
  t.like(await give(desk, op.sign(WRITE, SIM_EPOCH + 10_000)), { outcome: "done" });
});

test("what the disk does not remember is not carried out", async (t) => {
  const { start, give, op, acts, disk } = rig();
  const desk = start();
  disk.takes = false;
  t.like(await give(desk, op.sign(WRITE, SIM_EPOCH)), { code: "command.not-stored" });
  t.deepEqual(acts, []);
});

test("a result is nobody's before it is stored, though the platform comes back meanwhile", async (t) => {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const done: Done = { outcome: "done", code: null, result: 1 };
  const { disk, op, start, give, acts } = rig({
    does: () => {
      disk.hangs = ready;
      return done;
    },
  });
  const desk = start();
  const given = give(desk, op.sign(WRITE, SIM_EPOCH));
  while (acts.length === 0) await Promise.resolve();
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  t.is(desk.owed("centre"), null);
  resolve();
  t.like(await given, { outcome: "done" });
  t.like(JSON.parse(desk.owed("centre")?.payload ?? "{}"), { outcome: "done" });
});

test("a command that waited too long for the one before it is refused as expired", async (t) => {
  const { promise, resolve } = Promise.withResolvers<Done>();
  const { start, give, op, clock, acts } = rig({ does: () => promise });
  const desk = start();
  const first = give(desk, op.sign(WRITE, SIM_EPOCH));
  const second = give(desk, op.sign(WRITE, SIM_EPOCH));
  await clock.advance(60_000);
  resolve({ outcome: "done", code: null });
  t.like(await first, { outcome: "done" });
  t.like(await second, { code: "command.expired" });
  t.is(acts.length, 1);
});

test("a command that the process died with is told as unknown by the next one, and never acts again", async (t) => {
  const { start, give, op, acts, turns } = rig({ does: () => new Promise(() => {}) });
  const text = op.sign(WRITE, SIM_EPOCH);
  const dying = start();
  void give(dying, text);
  await new Promise(setImmediate);
  t.is(acts.length, 1);
  const next = start();
  await new Promise(setImmediate);
  t.like(JSON.parse(next.owed("centre")?.payload ?? ""), {
    ...{ id: "op-1", outcome: "unknown", code: "command.interrupted" },
  });
  t.like(turns.at(-1), { to: "unknown", cause: "command.interrupted" });
  t.like(await give(next, text), { code: "command.replay" });
  t.is(acts.length, 1);
});

test("a flood of what nobody signed makes one event a minute and a bounded number of answers", async (t) => {
  const { start, give, turns, clock } = rig();
  const desk = start();
  for (let i = 0; i < 1000; i++) await give(desk, `{"i":${i}}`);
  t.is(turns.length, 1);
  await clock.advance(60_000);
  await give(desk, "{}");
  t.like(turns[1], { cause: "command.malformed", detail: { times: 1000 } });
  let answers = 0;
  for (let owed = desk.owed("centre"); owed !== null; owed = desk.owed("centre")) {
    desk.delivered("centre", owed);
    answers++;
  }
  t.is(answers, 8);
});

test("while no result is fetched no more than a bounded number of commands act", async (t) => {
  const { start, give, op, acts } = rig();
  const desk = start();
  for (let i = 0; i < 32; i++) await give(desk, op.sign(WRITE, SIM_EPOCH));
  const refused = op.sign(WRITE, SIM_EPOCH);
  t.like(await give(desk, refused), { code: "command.busy" });
  t.is(acts.length, 32);
  desk.delivered("centre", desk.owed("centre") as never);
  t.like(await give(desk, refused), { outcome: "done" });
});

test("a rate that a command has set holds over a restart, and none is set where nobody is", async (t) => {
  let desk: CommandDesk | null = null;
  const does = (order: Order): Done => {
    const { destination } = order as { readonly destination: string };
    const isSet = desk?.setRate(destination, 5) ?? false;
    return isSet ? { outcome: "done", code: null } : { outcome: "refused", code: "command.failed" };
  };
  const { start, give, op, disk, rates } = rig({ does });
  desk = start();
  const to = (destination: string) => ({ kind: "rate", destination, readingsPerS: 5 });
  t.like(await give(desk, op.sign(to("other"), SIM_EPOCH)), { outcome: "refused" });
  t.like(await give(desk, op.sign(to("centre"), SIM_EPOCH)), { outcome: "done" });
  t.deepEqual(disk.memory?.rates, { configuration: "c1", perS: { centre: 5 } });
  rates.length = 0;
  start();
  t.deepEqual(rates, ["centre 5"]);
});

test("no sequence of replayed, reordered and mangled commands, restarts and failing disks acts twice", async (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("give" as const), which: fc.nat(7), via: fc.boolean() }),
    fc.record({ kind: fc.constant("mangle" as const), which: fc.nat(7), at: fc.nat(400) }),
    fc.record({ kind: fc.constant("restart" as const) }),
    fc.record({ kind: fc.constant("disk" as const) }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(40_000) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { start, give, op, acts, disk, clock } = rig();
      const texts = Array.from({ length: 8 }, (_, i) =>
        op.sign({ ...WRITE, value: i }, SIM_EPOCH + (i % 3) * 5000),
      );
      let desk = start();
      for (const step of steps) {
        if (step.kind === "restart") desk = start();
        else if (step.kind === "wait") await clock.advance(step.ms);
        else if (step.kind === "disk") disk.takes = !disk.takes;
        else if (step.kind === "give") {
          await give(desk, texts[step.which] as string, step.via ? "centre" : null);
        } else {
          const bytes = Buffer.from(texts[step.which] as string);
          const at = step.at % bytes.length;
          bytes[at] = (bytes[at] as number) ^ 1;
          await give(desk, bytes.toString("latin1"));
        }
      }
      const values = acts.map((order) => (order as { value?: string }).value);
      t.is(new Set(values).size, values.length);
      t.deepEqual(values, values.toSorted(), "in the order of their counters");
    }),
    { numRuns: 200 },
  );
});

const UPDATE = { kind: "update", release: "amd64/stable/0.3.0" };

/** A desk whose orders for releases are accepted. */
function updating(orderedBy?: (id: string) => string | null) {
  const op = commander("op", ["update"]);
  let desk: CommandDesk | null = null;
  const rigged = rig({
    keys: [op],
    ...(orderedBy !== undefined && { orderedBy }),
    does: () => {
      desk?.ordered(UPDATE.release);
      return { outcome: "done", code: null, stage: "accepted", result: { state: "accepted" } };
    },
  });
  const start = () => {
    desk = rigged.start();
    return desk;
  };
  return { ...rigged, start, op };
}

test("an order for a release is answered as accepted, and later, over restarts, once with its outcome", async (t) => {
  const { start, give, op, turns, disk } = updating();
  const result = await give(start(), op.sign(UPDATE, SIM_EPOCH));
  t.like(result, { id: "op-1", outcome: "done", result: { state: "accepted" } });
  t.like(turns, [{ from: "received", to: "accepted", cause: "accepted" }]);
  const later = start();
  t.like(later.update, { id: "op-1", release: UPDATE.release });
  const state = { state: "rolled-back", reason: "update.memory" };
  later.conclude({ outcome: "failed", code: "command.failed", detail: "why", result: state });
  later.conclude({ outcome: "done", code: null });
  t.like(turns.slice(1), [{ from: "accepted", to: "failed", cause: "command.failed" }]);
  t.is(turns.length, 2);
  const last = start();
  t.is(last.update, null);
  const owed = [last.owed("centre")];
  last.delivered("centre", owed[0] as never);
  owed.push(last.owed("centre"));
  t.like(
    owed.map((each) => JSON.parse(each?.payload ?? "")),
    [
      { id: "op-1", outcome: "done", result: { state: "accepted" } },
      { id: "op-1", outcome: "failed", code: "command.failed", result: state },
    ],
  );
  last.delivered("centre", owed[1] as never);
  t.deepEqual(disk.memory?.results, []);
});

test("an order whose answer was cut off is accepted where it was written, and unknown where not", async (t) => {
  const underWay = { id: "op-1", key: "op", counter: 1, order: "update", via: "centre" };
  for (const written of [UPDATE.release, null]) {
    const { start, disk, turns } = updating((id) => (id === "op-1" ? written : null));
    disk.memory = { ...OLD, underWay };
    const desk = start();
    await Promise.resolve();
    t.like(turns, [{ to: written === null ? "unknown" : "accepted" }]);
    t.is(desk.update?.release ?? null, written);
  }
});

test("a release before this one keeps what is owed of an order, though it does not know of it", (t) => {
  const underWay = { id: "op-1", key: "op", counter: 1, order: "update", via: "centre" };
  const update = { ...underWay, release: UPDATE.release };
  const { start, disk } = rig({ remembered: { ...OLD, update, underWay } });
  start();
  t.deepEqual(disk.memory?.update, update, "what is not known is stored again as it was");
});
