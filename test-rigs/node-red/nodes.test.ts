import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import type { ControlHandler } from "../../edge/world/control-rpc.ts";
import { serveControl } from "../../edge/world/control-socket.ts";
import { tempDir } from "../processes/child.ts";
import { type FlowNode, PACKAGE } from "./rig.ts";

/** What the nodes are to their test: see the Node-RED test helper. */
type RedNode = {
  receive(message: object): void;
  on(event: string, listener: (...args: never[]) => void): void;
};
type Helper = {
  init(runtime: string): void;
  load(nodes: readonly unknown[], flow: readonly FlowNode[]): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): RedNode & { readonly status: unknown };
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
  node.receive({ payload: "warm" });
  node.receive({ payload: 8 });
  await until(() => told.length > 0);
  t.deepEqual(told, [{ point, value: 8, quality: "good" }]);
  await close();
});

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
