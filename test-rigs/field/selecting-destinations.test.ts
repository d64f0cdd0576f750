import { join } from "node:path";
import { Reader } from "../../buffer/reader.ts";
import { verify } from "../../buffer/verify.ts";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { collect, until } from "./rig.ts";

testWith("mosquitto")(
  "three destinations at two brokers get each its own, complete, though one broker is dead for long",
  async (t) => {
    t.timeout(120_000);
    const stack = new AsyncDisposableStack();
    t.teardown(() => stack.disposeAsync());
    const signal = (address: number) =>
      ({ area: "input", address, type: "float32", valueAt: (ms: number) => Math.sin(ms) }) as const;
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal(7), signal(9)])] });
    stack.defer(() => plant.close());
    const one = await startMosquitto();
    stack.defer(() => one.close());
    const other = await startMosquitto();
    stack.defer(() => other.close());
    const urlOf = ({ port }: typeof one) => `mqtt://127.0.0.1:${port}`;
    const home = gatewayHome(
      `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices:
  d:
    bus: main
    unit: 1
    every: 200ms
    points:
      gas: { area: input, address: 7, type: float32 }
      level: { area: input, address: 9, type: float32 }
destinations:
  centre: { kind: mqtt, url: "${urlOf(one)}" }
  bureau: { kind: mqtt, url: "${urlOf(one)}", every: 2s, select: { except: ["*.gas"] } }
  gas-company: { kind: mqtt, url: "${urlOf(other)}", select: { points: ["*.gas"] } }`,
      { commit: "200ms" },
    );
    const near = await openReceiver(urlOf(one));
    stack.defer(() => near.close());
    const far = await openReceiver(urlOf(other));
    stack.defer(() => far.close());
    const [all, gas] = [collect(near), collect(far)];
    let gateway = await home.start();
    stack.defer(() => gateway.end("SIGKILL"));
    const owed = async (name: string) => {
      const { destinations } = await home.status();
      return destinations.find(({ destination }) => destination === name)?.owed.readings ?? 0;
    };
    await until("readings at both", 20_000, () => all.length > 20 && gas.length > 10);

    await other.kill();
    await until("a backlog for the dead", 30_000, async () => (await owed("gas-company")) > 40);
    t.true((await owed("centre")) < 10, "nobody waits for who is dead");
    await gateway.end("SIGKILL");
    gateway = await home.start();
    await until("more of it", 30_000, async () => (await owed("gas-company")) > 60);
    await other.start();
    await until("the drain", 40_000, async () => (await owed("gas-company")) === 0);
    await gateway.end("SIGTERM");

    await until("the farewells", 10_000, () =>
      [near, far].every(({ audit }) => audit.report("gw-test")?.state === "offline"),
    );
    const [nearReport, farReport] = [near, far].map(({ audit }) => audit.report("gw-test"));
    t.is(near.audit.invalid + far.audit.invalid, 0);
    const sound = { gaps: 0, conflicts: 0 };
    t.is(nearReport?.readings.length, 2, "the ledger's own stream, and the bureau's");
    for (const stream of [...(nearReport?.readings ?? []), ...(farReport?.readings ?? [])]) {
      t.like(stream, sound);
    }
    t.deepEqual([...new Set(gas.map(({ point }) => point))], ["d.gas"]);
    const whole = all.filter(({ point }) => point === "d.gas").map(({ at }) => at);
    const own = new Set(gas.map(({ at }) => at));
    t.deepEqual(
      whole.filter((at) => !own.has(at)),
      [],
    );
    const reader = new Reader(join(home.dir, "buffer/lifeline.db"));
    stack.defer(() => reader.close());
    const steps = verify(reader);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    t.deepEqual(step.value.findings, []);
  },
);
