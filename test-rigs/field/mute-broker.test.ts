import test from "ava";
import { openMuteBroker } from "../plant/mute-broker.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { until } from "./rig.ts";

/** The 3 s that a farewell may take, and what ending a process takes on a busy machine. */
const END_MS = 3_000 + 2_000;

for (const greets of [false, true]) {
  const name = greets ? "accepts the session and then" : "takes the connection and";
  test(`a broker that ${name} says nothing does not hold up the end of the gateway`, async (t) => {
    const broker = await openMuteBroker({ greets });
    t.teardown(() => broker.close());
    const home = gatewayHome(`buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: coil, address: 0 } } } }
destinations: { centre: { kind: mqtt, url: "${broker.url}" } }`);
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    await until("a connection", 10_000, () => broker.connections() === 1);
    await until("something owed", 10_000, async () => {
      const [centre] = (await home.status()).destinations;
      return (centre?.owed.readings ?? 0) > 0;
    });
    const begun = performance.now();
    await gateway.end("SIGTERM");
    t.is(await gateway.exited, 0);
    t.true(performance.now() - begun < END_MS);
  });
}
