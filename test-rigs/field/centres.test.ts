import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { parameterOf } from "../../edge/forward/hj212/packet.ts";
import { Hj212CentreModel, told } from "../centres/hj212-centre.ts";
import { serveCentre } from "../centres/serve-tcp.ts";
import { Sl651CentreModel } from "../centres/sl651-centre.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import { tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { until } from "./rig.ts";

test.serial(
  "a running gateway speaks with two bureaus at once, over TCP that breaks",
  async (t) => {
    t.timeout(120_000);
    const now = () => Date.now() as WallMs;
    const epb = { mn: "010000A8900016F000169DC0", password: "123456", system: "32" };
    const station = {
      centre: 5,
      station: "0011223344",
      password: "03E8",
      encoding: "hex",
    } as const;
    const [bureau, river] = [new Hj212CentreModel(epb, now), new Sl651CentreModel(station, now)];
    const signals: Signal[] = [
      { area: "holding", address: 0, type: "float32", valueAt: () => 12.5 } as Signal,
    ];
    const stack = new AsyncDisposableStack();
    t.teardown(() => stack.disposeAsync());
    const plant = await openModbusTcp({ devices: [modbusDevice(1, signals)] });
    stack.defer(() => plant.close());
    const [bureauAt, riverAt] = await Promise.all([serveCentre(bureau), serveCentre(river)]);
    stack.defer(() => bureauAt.close());
    stack.defer(() => riverAt.close());
    const secrets = tempDir("secrets");
    writeFileSync(join(secrets, "hj212"), "123456\n");
    writeFileSync(join(secrets, "sl651"), "03E8\n");
    const home = gatewayHome(`
buses: { pump: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices:
  d: { bus: pump, unit: 1, every: 200ms, points: { x: { area: holding, address: 0, type: float32 } } }
destinations:
  bureau:
    kind: hj212
    host: 127.0.0.1
    port: ${bureauAt.port}
    system: "32"
    mn: 010000A8900016F000169DC0
    password: "\${file:${secrets}/hj212}"
    realTime: 30s
    factors: { w01018: { point: d.x, decimals: 1 } }
  river:
    kind: sl651
    host: 127.0.0.1
    port: ${riverAt.port}
    centre: 5
    station: "0011223344"
    password: "\${file:${secrets}/sl651}"
    elements: { Z: { point: d.x } }
`);
    const gateway = await home.start();
    stack.defer(() => gateway.end("SIGKILL"));

    await until("the first words", 20_000, () => {
      return bureau.byTime("2081").size === 1 && river.byTime(0x30).size === 1;
    });
    const states = async () => (await home.status()).destinations.map(({ state }) => state);
    t.deepEqual(await states(), ["connected", "connected"]);

    bureauAt.drop();
    riverAt.drop();
    await until("new connections", 20_000, () => {
      return bureauAt.connections() === 2 && riverAt.connections() === 2;
    });
    const clock = bureau.ask("1011");
    const history = bureau.ask("2061", { BeginTime: "20200101000000", EndTime: "20200102000000" });
    river.ask(0x37);
    await until("answers", 20_000, () => {
      return bureau.resultsOf(history).length === 2 && river.replies.length === 1;
    });
    t.deepEqual(bureau.resultsOf(clock), ["1", "1"]);
    t.deepEqual(bureau.resultsOf(history), ["1", "100"]);
    const said = bureau.received.find(({ cn }) => cn === "1011");
    t.regex(parameterOf(said?.packet.cp ?? [], "SystemTime") ?? "", /^20\d{12}$/);
    t.deepEqual(river.valueOf(river.replies[0], "Z"), { kind: "number", value: 12.5 });
    await until("real-time data", 40_000, () => bureau.byTime("2011").size >= 1);
    const [moment] = bureau.byTime("2011").values();
    t.is(told(moment, "w01018", "Rtd"), "12.5");
  },
);
