import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import type { ControlHandler } from "../../edge/world/control-rpc.ts";
import { serveControl } from "../../edge/world/control-socket.ts";
import { tempDir } from "../processes/child.ts";
import { example, type FlowNode, PACKAGE } from "./rig.ts";

/** What the nodes are to their test: see the Node-RED test helper. */
type RedNode = {
  receive(message: object): void;
  on(event: string, listener: (...args: never[]) => void): void;
};
type Helper = {
  init(runtime: string): void;
  load(nodes: readonly unknown[], flow: readonly FlowNode[], credentials?: object): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): RedNode & { readonly status: unknown };
  /** A spy on what was logged. */
  log(): { readonly args: readonly (readonly { readonly msg?: unknown }[])[] };
};

const require = createRequire(import.meta.url);
const helper = require("node-red-node-test-helper") as Helper;
helper.init(require.resolve("node-red"));

const load = async (name: string) =>
  ((await import(join(PACKAGE, "nodes", `lifeline-${name}.js`))) as { default: unknown }).default;

/** A gateway's control socket that answers by `handle`, and one node before it. */
async function rig(node: FlowNode, handle: ControlHandler) {
  const socket = join(tempDir("node-red-nodes"), "control.sock");
  const served = await serveControl(socket, handle, () => {});
  const flow: FlowNode[] = [
    { id: "tab", type: "tab" },
    { id: "gw", type: "lifeline-gateway", via: "socket", socket },
    { z: "tab", gateway: "gw", name: "", wires: [["out"]], ...node },
    { id: "out", type: "helper", z: "tab" },
  ];
  await helper.load([await load("gateway"), await load(node.type.slice("lifeline-".length))], flow);
  const got: Record<string, unknown>[] = [];
  helper.getNode("out").on("input", (message: Record<string, unknown>) => void got.push(message));
  const errors: string[] = [];
  helper.getNode(node.id).on("call:error" as never, (call: { args: unknown[] }) => {
    errors.push(`${call.args[0]}`);
  });
  const close = async () => {
    await helper.unload();
    await served.close();
  };
  return { node: helper.getNode(node.id), got, errors, close };
}

const EMPTY = { v: 1, since: 0, next: 0, missed: 0, events: [], readings: [] };

/** A gateway on which nothing happens; `act` does what is asked of it beyond that. */
function quiet(act: ControlHandler): ControlHandler {
  return async (method, params, who) => {
    const waitMs = (params as { waitMs?: number } | undefined)?.waitMs ?? 0;
    if (method === "events" || method === "readings") {
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 200)));
      return EMPTY;
    }
    if (method === "status") return { gateway: "gw-1", points: [], alarms: [] };
    return await act(method, params, who);
  };
}

test.serial("a list that nobody confirmed writes nothing, whatever the flow says", async (t) => {
  const asked: string[] = [];
  const write = { id: "n", type: "lifeline-write", permitted: "siren.on", point: "" };
  const { node, got, close } = await rig(
    { ...write, confirmed: "" },
    quiet((method) => {
      asked.push(method);
      return {};
    }),
  );
  node.receive({ topic: "siren.on", payload: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.deepEqual([asked, got], [[], []]);
  await close();
});

test.serial(
  "a confirmed write is proven, carried out once, and what came of it sent on",
  async (t) => {
    const written: unknown[] = [];
    const write = { id: "n", type: "lifeline-write", permitted: "siren.on", point: "siren.on" };
    const { node, got, close } = await rig(
      { ...write, confirmed: "siren.on" },
      quiet(async (_, params, who) => {
        written.push({ ...(params as object), who: await who() });
        return { outcome: "done", value: true };
      }),
    );
    node.receive({ payload: true });
    await until(() => got.length === 1);
    const who = process.env.USER ?? "root";
    t.deepEqual(written, [{ point: "siren.on", value: "true", who }]);
    t.like(got[0], { topic: "siren.on", payload: "done", write: { outcome: "done" } });
    await close();
  },
);

test.serial(
  "more writes than can wait are refused, so that none is carried out late",
  async (t) => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const write = { id: "n", type: "lifeline-write", permitted: "siren.on", point: "siren.on" };
    let calls = 0;
    const { node, got, close } = await rig(
      { ...write, confirmed: "siren.on" },
      quiet(async (_, __, who) => {
        await who();
        calls++;
        await held;
        return { outcome: "done" };
      }),
    );
    for (let n = 0; n < 50; n++) node.receive({ payload: n });
    await until(() => calls === 1);
    release();
    await until(() => got.length === 20);
    await new Promise((resolve) => setTimeout(resolve, 200));
    t.is(calls, 20);
    await close();
  },
);

test.serial(
  "a flow that tells faster than the gateway takes is told its newest, never a backlog",
  async (t) => {
    const told: number[] = [];
    const { node, close } = await rig(
      { id: "n", type: "lifeline-derived-out", point: "flow.risk" },
      quiet(async (_, params, who) => {
        await who();
        const { readings } = params as { readings: { value: number }[] };
        await new Promise((resolve) => setTimeout(resolve, 30));
        told.push(readings[0]?.value ?? Number.NaN);
        return { told: 1 };
      }),
    );
    for (let n = 1; n <= 1_000; n++) node.receive({ payload: n });
    await until(() => told.at(-1) === 1_000);
    t.true(told.length <= 5, `${told}`);
    await close();
  },
);

test.serial("what is no number is told as bad, and what is no value not at all", async (t) => {
  const told: unknown[] = [];
  const { node, close } = await rig(
    { id: "n", type: "lifeline-derived-out", point: "flow.risk" },
    quiet(async (_, params, who) => {
      await who();
      told.push(...(params as { readings: unknown[] }).readings);
      return { told: 1 };
    }),
  );
  const point = "flow.risk";
  const wanted = [
    [{ payload: Number.NaN }, { point, value: null, quality: "bad:not-a-number" }],
    [
      { payload: 7, quality: "uncertain" },
      { point, value: 7, quality: "uncertain:input" },
    ],
    [
      { payload: 7, quality: "bad" },
      { point, value: null, quality: "bad:input" },
    ],
  ] as const;
  for (const [message, reading] of wanted) {
    node.receive(message);
    await until(() => told.length > 0);
    t.deepEqual(told.pop(), reading);
  }
  // As it comes from a point of the gateway that did not answer.
  node.receive({ payload: null, quality: "bad:timeout" });
  await until(() => told.length > 0);
  t.deepEqual(told.pop(), { point, value: null, quality: "bad:input" });
  node.receive({ payload: "warm" });
  node.receive({ payload: 8 });
  await until(() => told.length > 0);
  t.deepEqual(told, [{ point, value: 8, quality: "good" }]);
  await close();
});

test.serial("an alarm that is raised while a gateway starts anew reaches the flow", async (t) => {
  // The events of each run of the gateway, numbered from 0, and how its alarms stand.
  const event = (alarm: string, to: string, at: number) => {
    return { kind: "alarm", alarm, severity: "red", from: "normal", to, at };
  };
  let run = { since: 1, events: [] as object[], alarms: [] as object[] };
  const { got, close } = await rig(
    { id: "n", type: "lifeline-alarm-in", alarms: "*", least: "blue", atOnce: true },
    async (method, params) => {
      if (method === "status") return { points: [], alarms: run.alarms };
      const { from, waitMs } = params as { from: number | null; waitMs: number };
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 100)));
      const { since, events } = run;
      const at = Math.min(from ?? events.length, events.length);
      return { v: 1, since, next: events.length, missed: 0, events: events.slice(at) };
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = event("gas-low", "unacknowledged", 10);
  run = { ...run, events: [before, before, event("flood", "unacknowledged", 12)] };
  await until(() => got.length === 2);
  run = { since: 2, events: [event("gas-high", "unacknowledged", 20)], alarms: [] };
  await until(() => got.length === 3);
  t.deepEqual(
    got.map(({ topic, payload }) => `${topic} ${payload}`),
    ["gas-low unacknowledged", "flood unacknowledged", "gas-high unacknowledged"],
  );
  await close();
});

test.serial("a write that takes its time holds up no value that a flow tells", async (t) => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const told: unknown[] = [];
  const { node, close } = await rig(
    { id: "n", type: "lifeline-derived-out", point: "flow.risk" },
    quiet(async (method, params, who) => {
      await who();
      if (method === "write") await held;
      if (method === "tell") told.push(...(params as { readings: unknown[] }).readings);
      return { outcome: "done" };
    }),
  );
  const { link } = helper.getNode("gw") as unknown as {
    link: { write(point: string, value: unknown): Promise<unknown> };
  };
  const writing = link.write("siren.on", true);
  node.receive({ payload: 7 });
  await until(() => told.length === 1);
  release();
  t.like(await writing, { outcome: "done" });
  await close();
});

test.serial("what a node wants that comes later is asked for at once", async (t) => {
  const asked: string[] = [];
  const { close } = await rig(
    { id: "n", type: "lifeline-reading-in", points: "a.*", atOnce: false },
    async (method, params) => {
      if (method === "status") return { points: [], alarms: [] };
      const { points = [] } = params as { points?: string[] };
      asked.push(points.join());
      await new Promise((resolve) => setTimeout(resolve, 5_000).unref());
      return EMPTY;
    },
  );
  await until(() => asked.includes("a.*"));
  const { link } = helper.getNode("gw") as unknown as {
    link: { want(patterns: readonly string[]): () => void };
  };
  link.want(["b.*"]);
  link.want(["c.*"]);
  const begun = performance.now();
  await until(() => asked.includes("a.*,b.*,c.*"));
  t.true(performance.now() - begun < 4_000);
  t.false(asked.includes("a.*,b.*"), "those of one deploy together");
  await close();
});

test.serial(
  "a command key that is none is told of at once, and alarms come all the same",
  async (t) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const broker = { via: "broker", url: "mqtt://127.0.0.1:1", gateway: "gw-1", keyName: "flow" };
    const flow: FlowNode[] = [{ id: "gw", type: "lifeline-gateway", ...broker }];
    for (const keyPem of ["no key", privateKey.export({ type: "pkcs8", format: "pem" })]) {
      await helper.load([await load("gateway")], flow, { gw: { keyPem } });
      const told = helper
        .log()
        .args.flat()
        .map(({ msg }) => `${msg}`);
      t.true(
        told.some((msg) => /keyPem/.test(msg)),
        told.join("; "),
      );
      t.not((helper.getNode("gw") as unknown as { link: unknown }).link, null);
      await helper.unload();
    }
  },
);

test("the example keeps the siren on while any alarm waits for an answer", (t) => {
  const node = example("siren on an alarm").find(({ type }) => type === "function");
  const memory = new Map<string, unknown>();
  const context = {
    get: (key: string) => memory.get(key),
    set: (key: string, value: unknown) => void memory.set(key, value),
  };
  const sound = new Function("context", "msg", `${node?.func}`);
  const after = (topic: string, payload: string) => sound(context, { topic, payload }).payload;
  t.true(after("gas-1", "unacknowledged"));
  t.true(after("gas-2", "unacknowledged"));
  t.true(after("gas-2", "acknowledged"), "the first still waits");
  t.false(after("gas-1", "normal"));
});

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
