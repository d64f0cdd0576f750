import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild } from "../processes/child.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { Audit } from "../receiver/audit.ts";
import { findUndocumented } from "../receiver/documented.ts";
import { fieldRig, until } from "./rig.ts";

testWith("mosquitto", "mosquitto-clients")(
  "a receiver that is not ours, mosquitto_sub, gets every message, also over a killed broker",
  async (t) => {
    t.timeout(90_000);
    const signal = {
      area: "input",
      address: 7,
      type: "float32",
      valueAt: (ms: number) => Math.sin(ms / 1000),
    } as const;
    const { broker, home, start } = await fieldRig(t, {
      plant: () => openModbusTcp({ devices: [modbusDevice(1, [signal])] }),
      broker: startMosquitto,
      yaml: ({ port }) => `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: input, address: 7, type: float32 } } } }`,
      commit: "100ms",
    });
    const gateway = await start();
    const destination = async () => (await home.status()).destinations[0];
    // The receiver comes late: what was published before has waited for it.
    await until("a message without a subscriber", 10_000, async () => {
      return (await destination())?.trouble === "no-subscriber";
    });
    const topic = "lifeline/v1/#";
    const args = ["-p", `${broker.port}`, "-q", "1", "-t", topic, "-F", "%t %p", "-i", "centre"];
    const centre = startChild("mosquitto_sub", args);
    t.teardown(() => centre.end("SIGKILL"));
    const captured = () =>
      centre.lines.flatMap((line) => {
        const [, topic, payload = ""] = /^(lifeline\S+) (.*)$/.exec(line) ?? [];
        return topic === undefined ? [] : [{ topic, payload }];
      });
    const report = () => {
      const audit = new Audit();
      for (const { topic, payload } of captured()) audit.take(topic, Buffer.from(payload));
      return { invalid: audit.invalid, ...audit.report("gw-test") };
    };
    await until("messages", 20_000, () => (report().readingCount ?? 0) > 20);
    await broker.kill();
    await until("readings stored through the outage", 20_000, async () => {
      const { state, owed } = (await destination()) ?? {};
      return state === "disconnected" && (owed?.readings ?? 0) >= 5;
    });
    await broker.start();
    await until("backlog", 40_000, () => (report().backlog ?? 0) > 0);
    const { heads } = (await home.status()).buffer;
    await until(
      "the drain",
      40_000,
      () => (report().readings?.[0]?.highest ?? 0) >= heads.readings,
    );
    await gateway.end("SIGTERM");
    await until("the farewell", 5000, () => report().state === "offline");
    for (const { topic, payload } of captured()) t.is(findUndocumented(topic, payload), null);
    const { invalid, readings, events, backlog = 0 } = report();
    t.true(backlog > 0, "the outage was seen");
    t.is(invalid, 0);
    t.like(readings?.[0], { gaps: 0, conflicts: 0 });
    t.like(events?.[0], { gaps: 0, conflicts: 0 });
  },
);
