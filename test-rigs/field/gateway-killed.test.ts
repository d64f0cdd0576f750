import { setTimeout as sleep } from "node:timers/promises";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { fieldRig, randomOf, until } from "./rig.ts";

const KILLS = 100;
/** On a machine with much else to do fewer are enough, after so long. */
const ENOUGH_MS = 60_000;
const KILLS_MIN = 30;

testWith("mosquitto")(
  `the gateway killed at up to ${KILLS} random moments: every committed reading arrives, seq without a gap`,
  async (t) => {
    t.timeout(300_000);
    const signal = {
      area: "holding",
      address: 0,
      type: "uint16",
      valueAt: (ms: number) => (ms / 10) % 60_000,
    } as const;
    const { plant, broker, home, start, receive } = await fieldRig(t, {
      plant: () => openModbusTcp({ devices: [modbusDevice(1, [signal])] }),
      broker: startMosquitto,
      yaml: ({ port }) => `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: holding, address: 0, type: uint16 } } } }`,
      commit: "50ms",
    });
    const random = randomOf(t);
    const receiver = await receive();
    let isBrokerUp = true;
    const startsMs: number[] = [];
    const begun = performance.now();
    const isEnough = (kills: number) =>
      kills >= KILLS || (kills >= KILLS_MIN && performance.now() - begun > ENOUGH_MS);
    for (let kill = 0; !isEnough(kill); kill++) {
      const shouldBeUp = kill % 5 < 3;
      if (shouldBeUp && !isBrokerUp) await broker.start();
      if (!shouldBeUp && isBrokerUp) await broker.kill();
      isBrokerUp = shouldBeUp;
      const asked = plant.requestsTo(1);
      const started = performance.now();
      const gateway = await start();
      await until("a first request", 5000, () => plant.requestsTo(1) > asked);
      startsMs.push(performance.now() - started);
      await sleep(random.between(0, 700));
      await gateway.end("SIGKILL");
    }
    if (!isBrokerUp) await broker.start();
    const last = await start();
    await until("the receiver", 10_000, () => receiver.isConnected());
    await last.waitFor(/destination centre connected/, 20_000);
    await sleep(1000);
    await until("the drain", 60_000, () => {
      return receiver.audit.report("gw-test")?.readings[0]?.gaps === 0;
    });
    const { heads, streams } = (await home.status()).buffer;
    await until("the newest", 10_000, () => {
      return (receiver.audit.report("gw-test")?.readings[0]?.highest ?? 0) >= heads.readings;
    });
    await last.end("SIGTERM");
    const report = receiver.audit.report("gw-test");
    t.deepEqual(
      report?.readings.map(({ stream, gaps, conflicts }) => ({ stream, gaps, conflicts })),
      [{ stream: streams.readings, gaps: 0, conflicts: 0 }],
    );
    t.deepEqual(
      report?.events.map(({ stream, gaps, conflicts }) => ({ stream, gaps, conflicts })),
      [{ stream: streams.events, gaps: 0, conflicts: 0 }],
    );
    startsMs.sort((a, b) => a - b);
    const at = (part: number) => Math.round(startsMs[Math.floor(part * startsMs.length)] ?? 0);
    t.log(
      `${startsMs.length} kills, ${report?.readings[0]?.distinct} messages, ${report?.readings[0]?.duplicates} repeated; ` +
        `start to first request: median ${at(0.5)} ms, 90 % ${at(0.9)} ms, most ${at(0.99)} ms`,
    );
  },
);
