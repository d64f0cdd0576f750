import { setTimeout as sleep } from "node:timers/promises";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { fieldRig, randomOf, until } from "./rig.ts";

const POINTS = Array.from({ length: 10 }, (_, i) => i);

testWith("mosquitto")(
  "mosquitto killed and restarted three times: no gap, and a repeated key is the same bytes",
  async (t) => {
    t.timeout(120_000);
    const signals = POINTS.map((address) => ({
      area: "holding" as const,
      address,
      type: "uint16" as const,
      valueAt: (ms: number) => (ms / 100 + address) % 60_000,
    }));
    const points = POINTS.map((n) => `p${n}: { area: holding, address: ${n}, type: uint16 }`);
    const { broker, home, start, receive } = await fieldRig(t, {
      plant: () => openModbusTcp({ devices: [modbusDevice(1, signals)] }),
      broker: startMosquitto,
      yaml: ({ port }) => `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { ${points.join(", ")} } } }
alarms: { high: { point: d.p0, high: 1, severity: red } }`,
      commit: "100ms",
    });
    const random = randomOf(t);
    const receiver = await receive();
    const gateway = await start();
    for (let round = 0; round < 3; round++) {
      const before = receiver.audit.report("gw-test")?.readingCount ?? 0;
      await until("a message", 20_000, () => {
        return (receiver.audit.report("gw-test")?.readingCount ?? 0) > before + 50;
      });
      await sleep(random.between(0, 300));
      await broker.kill();
      await sleep(1500);
      await broker.start();
    }
    const { heads } = (await home.status()).buffer;
    await until("the drain", 40_000, () => {
      const stream = receiver.audit.report("gw-test")?.readings[0];
      return stream !== undefined && stream.gaps === 0 && stream.highest >= heads.readings;
    });
    await gateway.end("SIGTERM");
    await until("the farewell", 5000, () => {
      return receiver.audit.report("gw-test")?.state === "offline";
    });
    const report = receiver.audit.report("gw-test");
    const [readings, ...others] = report?.readings ?? [];
    t.deepEqual(others, []);
    t.is(readings?.gaps, 0);
    t.is(readings?.conflicts, 0);
    t.is(report?.events[0]?.gaps, 0);
    t.is(report?.events[0]?.conflicts, 0);
    t.is(receiver.audit.invalid, 0);
    t.true((report?.backlog ?? 0) > 10, "the outages were seen as backlog");
    t.is(report?.state, "offline");
    t.log(
      `${readings?.distinct} messages, ${readings?.duplicates} repeated, ${report?.backlog} as backlog`,
    );
  },
);
