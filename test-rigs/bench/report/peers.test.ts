import { setTimeout as sleep } from "node:timers/promises";
import { testWith } from "../../debian/test-with.ts";
import { modbusDevice } from "../../plant/modbus-device.ts";
import { openModbusTcp } from "../../plant/modbus-server.ts";
import { PEERS, runs } from "./peers.ts";
import { Receiver } from "./receiver.ts";
import { startOn, watch } from "./started.ts";

const test = testWith("mosquitto", "gcc", "libc6-dev", "libmodbus-dev", "libmosquitto-dev");
const [, , ...BARE] = PEERS;
const MAX_MS = 60_000;

for (const peer of BARE) {
  test(`${peer.name} read points and send them, and what that took is counted`, async (t) => {
    t.timeout(2 * MAX_MS);
    const load = { devices: 2, registers: 130, everyMs: 100 };
    const started = await startOn(peer, load);
    t.teardown(() => started.end());
    const figures = await watch(started, load, 1);
    t.true(started.firstMs > 0 && started.firstCpuMs > 0);
    t.true(figures.delivered > 0 && figures.perCpuSecond > 0 && figures.rssMib > 1);
    // One request brings 125 registers, the other 5.
    t.is(started.receiver.tally.readings % 5, 0);
  });

  test(`${peer.name} tell an alarm once when a value rises to it`, async (t) => {
    t.timeout(2 * MAX_MS);
    let value = 0;
    const signal = { area: "holding", address: 0, type: "int16", valueAt: () => value } as const;
    const plants = await Promise.all(
      [0, 1].map(() => openModbusTcp({ devices: [modbusDevice(1, [signal])] })),
    );
    const receiver = await Receiver.open();
    const alarms: number[] = [];
    receiver.onAlarm = (device) => alarms.push(device);
    const load = { devices: 2, registers: 1, everyMs: 20 };
    const ports = plants.map(({ port }) => port);
    const start = await peer.prepare({ load, ports, brokers: [receiver.broker], tells: "alarms" });
    const child = await start();
    t.teardown(async () => {
      await child.end("SIGKILL");
      await receiver.close();
      for (const plant of plants) await plant.close();
    });
    await runs(child);
    value = 499;
    const asked = () => plants.map((plant) => plant.requestsTo(1));
    const before = asked();
    await holds(() => asked().every((count, at) => count > (before[at] ?? 0) + 2));
    t.deepEqual(alarms, []);
    value = 500;
    await holds(() => alarms.length >= 2);
    const risen = asked();
    await holds(() => asked().every((count, at) => count > (risen[at] ?? 0) + 2));
    t.deepEqual(alarms.toSorted(), [0, 1]);
  });
}

async function holds(condition: () => boolean): Promise<void> {
  const giveUp = performance.now() + MAX_MS;
  while (!condition() && performance.now() < giveUp) await sleep(5);
}
