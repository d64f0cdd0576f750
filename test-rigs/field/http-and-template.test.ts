import process from "node:process";
import { connectAsync } from "mqtt";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { HttpCentre } from "../receiver/http-centre.ts";
import { until } from "./rig.ts";

testWith("mosquitto")(
  "a server gets every message once over refusals, pauses and its own death, while a broker gets the same in a form of its own",
  async (t) => {
    t.timeout(120_000);
    const plant = await openModbusTcp({
      devices: [
        modbusDevice(1, [
          { area: "input", address: 7, type: "float32", valueAt: (ms) => ms / 1000 },
        ]),
      ],
    });
    const broker = await startMosquitto();
    const server = new HttpCentre();
    const port = await server.listen();
    t.teardown(async () => {
      server.close();
      await broker.close();
      await plant.close();
    });
    process.env.LIFELINE_TEST_TOKEN = "t0ken";
    const home = gatewayHome(
      `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: input, address: 7, type: float32 } } } }
destinations:
  city: { kind: http, url: "http://127.0.0.1:${port}/in", token: "\${env:LIFELINE_TEST_TOKEN}" }
  things:
    kind: mqtt
    url: mqtt://127.0.0.1:${broker.port}
    format: template
    template:
      readings:
        topic: v1/gateway/telemetry
        body: |
          {% unless devices == empty %}{ {% for d in devices %}{{ d.device | json }}: [
          {% for m in d.moments %}{ "ts": {{ m.time }}, "values": {{ m.values | json }} }
          {% unless forloop.last %},{% endunless %}{% endfor %}]{% endfor %} }{% endunless %}`,
      { commit: "100ms" },
    );
    const times: number[] = [];
    const topics = new Set<string>();
    const things = await connectAsync(broker.url, { clientId: "things" });
    t.teardown(() => things.endAsync(true));
    things.on("message", (topic, payload) => {
      topics.add(topic);
      const content = JSON.parse(payload.toString()) as { d: { ts: number }[] };
      times.push(...content.d.map(({ ts }) => ts));
    });
    await things.subscribeAsync("#", { qos: 1 });
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    const report = () => server.audit.report("gw-test")?.readings[0];
    const destination = async (name: string) =>
      (await home.status()).destinations.find((each) => each.destination === name);
    await until("messages", 30_000, () => (report()?.distinct ?? 0) > 10);
    server.mood = { status: 422 };
    await until(
      "a refusal",
      20_000,
      async () => (await destination("city"))?.trouble === "refused",
    );
    server.mood = { status: 204 };
    await until("all is taken again", 30_000, async () => {
      return (await destination("city"))?.trouble === null;
    });
    server.mood = { status: 503, retryAfterS: 2 };
    await until("a pause", 20_000, async () => {
      return /asks to wait 2 s/.test((await destination("city"))?.trouble ?? "");
    });
    server.mood = { status: 204 };
    await until("nothing is owed", 40_000, async () => {
      return (await destination("city"))?.owed.readings === 0;
    });
    await gateway.end("SIGTERM");
    const { gaps, conflicts, distinct } = report() ?? {};
    t.deepEqual([gaps, conflicts], [0, 0]);
    t.is(server.audit.report("gw-test")?.state, "offline", "the farewell came");
    t.true((distinct ?? 0) > 20);
    t.true(server.keys.size >= (distinct ?? 0));
    t.deepEqual([...server.tokens], ["Bearer t0ken"]);
    t.deepEqual([...topics], ["v1/gateway/telemetry"], "nothing but what the template says");
    t.is(new Set(times).size, times.length, "each reading once");
    const sorted = times.toSorted((one, other) => one - other);
    const longest = Math.max(...sorted.slice(1).map((time, i) => time - (sorted[i] ?? 0)));
    t.true(longest < 1500, `no second is missing: ${longest} ms`);
  },
);
