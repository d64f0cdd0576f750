import { connect } from "node:net";
import test from "ava";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { freePort } from "../processes/mosquitto.ts";
import { type FlowNode, nodeRedDir, Sink, sink, startNodeRed } from "./rig.ts";

const TAB = "tab01";
const GATEWAY = "gw001";

/** A plant with a gas detector whose value the test sets, and a siren; a gateway before it. */
async function street() {
  let gas = 6;
  const siren = modbusDevice(2, [{ area: "coil", address: 0, type: "bool", valueAt: () => false }]);
  const plant = await openModbusTcp({
    devices: [
      modbusDevice(1, [{ area: "holding", address: 0, type: "int16", valueAt: () => gas }]),
      siren,
    ],
  });
  const home = gatewayHome(`
buses:
  street: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} }
  flows: { kind: local }
devices:
  gas-1: { bus: street, unit: 1, points: { gas: { area: holding, address: 0, type: int16, unit: "%[LEL]", every: 200ms } } }
  siren: { bus: street, unit: 2, points: { on: { area: coil, address: 0, write: true, every: 500ms } } }
  flow: { bus: flows, every: 200ms, silentAfter: 3s, points: { risk: { unit: "%" } } }
alarms:
  gas-high: { point: gas-1.gas, high: 50, deadband: 2, severity: red }
  risky: { point: flow.risk, high: 90, severity: yellow }`);
  const setGas = (value: number) => {
    gas = value;
  };
  return { home, setGas, siren, close: () => plant.close() };
}

/** A flow with one of each node, and what it sends to the test. */
function flow(socket: string, port: number, sourcePort: number): readonly FlowNode[] {
  const on = { z: TAB, gateway: GATEWAY, x: 100, y: 100, name: "" };
  const line = (id: string) => sink(id, TAB, port);
  return [
    { id: TAB, type: "tab", label: "test" },
    { id: GATEWAY, type: "lifeline-gateway", via: "socket", socket, name: "" },
    {
      ...{ id: "n1", type: "lifeline-reading-in", ...on, points: "gas-*.gas, flow.*" },
      ...{ onlyGood: false, atOnce: true, wires: [["s1", "f1"]] },
    },
    {
      ...{ id: "f1", type: "function", z: TAB, outputs: 1, x: 300, y: 200, wires: [["n6"]] },
      func: 'if (msg.topic !== "gas-1.gas") return null; return { payload: msg.payload * 2, quality: "uncertain:input" };',
    },
    ...line("s1"),
    {
      ...{ id: "n2", type: "lifeline-alarm-in", ...on, alarms: "*", least: "blue", atOnce: true },
      wires: [["s2"]],
    },
    ...line("s2"),
    { id: "n3", type: "lifeline-status-in", ...on, every: 1, wires: [["s3"]] },
    ...line("s3"),
    {
      ...{ id: "i1", type: "tcp in", z: TAB, server: "server", port: String(sourcePort), x: 90 },
      ...{
        y: 300,
        datamode: "stream",
        datatype: "utf8",
        newline: "\\n",
        topic: "",
        wires: [["f2"]],
      },
    },
    {
      ...{
        id: "f2",
        type: "function",
        z: TAB,
        outputs: 2,
        x: 300,
        y: 300,
        wires: [["n4"], ["n5"]],
      },
      func: "const m = JSON.parse(msg.payload); return m.write ? [m, null] : [null, m];",
    },
    {
      ...{ id: "n4", type: "lifeline-write", ...on, permitted: "siren.on", confirmed: "siren.on" },
      ...{ point: "", wires: [["s4"]] },
    },
    ...line("s4"),
    { id: "n5", type: "lifeline-acknowledge", ...on, alarm: "", wires: [["s5"]] },
    ...line("s5"),
    {
      id: "c1",
      type: "catch",
      z: TAB,
      scope: ["n4", "n5"],
      uncaught: false,
      x: 1,
      y: 1,
      wires: [["s6"]],
    },
    ...line("s6"),
    { id: "n6", type: "lifeline-derived-out", ...on, point: "flow.risk", wires: [] },
  ];
}

test("a flow sees the gateway and acts by its rules, and the gateway does not need it", async (t) => {
  t.timeout(240_000);
  const { home, setGas, siren, close } = await street();
  const gateway = await home.start();
  const dir = nodeRedDir();
  const told = await Sink.open();
  const sourcePort = await freePort();
  let red = await startNodeRed(dir);
  await red.deploy(flow(`${home.dir}/buffer/control.sock`, told.port, sourcePort));
  const say = (message: object) =>
    new Promise<void>((resolve) => {
      const socket = connect(sourcePort, "127.0.0.1", () => {
        socket.end(`${JSON.stringify(message)}\n`, resolve);
      });
    });

  // Readings, with all that belongs to them; and what the flow worked out comes back as a point.
  const reading = await told.waitFor(
    ({ topic, payload }) => topic === "gas-1.gas" && payload === 6,
  );
  t.like(reading, { unit: "%[LEL]", quality: "good" });
  t.is(typeof reading.time, "number");
  t.like(await told.waitFor(({ topic, payload }) => topic === "flow.risk" && payload === 12), {
    quality: "uncertain:input",
  });

  // Alarms, of the gateway's own points and of what the flow tells.
  setGas(60);
  t.like(await told.waitFor(({ topic }) => topic === "gas-high"), { payload: "unacknowledged" });
  t.like(await told.waitFor(({ topic }) => topic === "risky"), { payload: "unacknowledged" });
  await say({ topic: "gas-high", payload: 0 });
  t.like(
    await told.waitFor(({ topic, payload }) => topic === "gas-high" && payload === "acknowledged"),
    { alarm: { cause: "acknowledged" } },
  );

  // A write reaches the coil; one that is not permitted reaches nothing.
  await say({ topic: "siren.on", payload: true, write: true });
  const written = await told.waitFor(({ topic }) => topic === "siren.on");
  t.like(written, { payload: "done", write: { value: true, outcome: "done" } });
  t.is(siren.read("coil", 0, 0), 1);
  await say({ topic: "gas-1.gas", payload: 1, write: true });
  const refused = await told.waitFor(({ error }) => error !== undefined);
  t.regex(JSON.stringify(refused.error), /gas-1\.gas is not among the permitted points/);

  // The gateway goes on when Node-RED dies, and what the flow told goes bad.
  const status = await told.waitFor(({ isConnected }) => isConnected === true);
  t.like(status.payload, { gateway: "gw-test" });
  await red.child.end("SIGKILL");
  const isBad = async () =>
    (await home.status()).points.some(
      ({ point, quality }) => point === "flow.risk" && quality === "bad:timeout",
    );
  await eventually(isBad, 20_000);
  const { points } = await home.status();
  t.like(
    points.find(({ point }) => point === "gas-1.gas"),
    { value: 60, quality: "good" },
  );

  // Both come back, in either order.
  const before = told.messages.length;
  red = await startNodeRed(dir);
  await told.waitFor(
    ({ topic, payload }) => topic === "flow.risk" && payload === 120,
    30_000,
    before,
  );
  await gateway.end("SIGKILL");
  const lost = told.messages.length;
  await told.waitFor(({ isConnected }) => isConnected === false, 30_000, lost - 50);
  const again = await home.start();
  const from = told.messages.length;
  await told.waitFor(({ topic }) => topic === "gas-1.gas", 60_000, from);

  await red.child.end("SIGTERM");
  await again.end("SIGTERM");
  told.close();
  await close();
});

async function eventually(holds: () => Promise<boolean>, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
