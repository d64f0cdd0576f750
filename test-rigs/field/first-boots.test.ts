import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../edge/control/status.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { bootAll } from "../centre/boot-all.ts";
import type { Box } from "../centre/first-boots.ts";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

const test = testWith("mtools", "poppler-utils");
const LEVEL = { area: "holding", address: 4, type: "int16", valueAt: () => 1234 } as const;

test("a batch becomes cards, boxes and identities while the server is killed, and nothing of before is lost", async (t) => {
  t.timeout(300_000);
  const stack = new AsyncDisposableStack();
  t.teardown(() => stack.disposeAsync());
  const plant = await openModbusTcp({ devices: [modbusDevice(1, [LEVEL])] });
  stack.defer(() => plant.close());
  // A destination that never answers: whatever was stored is owed to it.
  const yaml = `buses: { pump: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices: { tank: { bus: pump, unit: 1, points: { level: { area: holding, address: 4, type: int16, every: 100ms } } } }
destinations: { centre: { kind: mqtt, url: "mqtts://127.0.0.1:1", tls: { identity: true } } }`;
  let before = 0;
  let status: () => Promise<Status> = () => Promise.reject(new Error("none was started"));
  /** Starts the first of the boxes as it starts in the field; it measures for a while. */
  const start = async ([first]: readonly Box[]) => {
    if (first === undefined) return [];
    const args = [...NODE_FLAGS, MAIN, "run", "--config", first.config];
    const gateway = startChild(process.execPath, args);
    stack.defer(() => gateway.end("SIGKILL"));
    await gateway.waitFor(/gateway gw-\d+ runs/, 60_000);
    const socket = join(first.config, "../../state/control.sock");
    status = async () => (await callControl(socket, "status")) as Status;
    await until("readings are stored", 60_000, async () => {
      before = (await status()).destinations[0]?.owed.readings ?? 0;
      return before > 3;
    });
    return [first];
  };
  const settings = { dir: tempDir("boots"), count: 10, port: await freePort(), yaml };
  const { boxes, mostTries, disorder } = await bootAll(settings, (line) => t.log(line), start);
  t.is(boxes.length, 10);
  t.true(mostTries > 1, "the kill was felt");
  t.deepEqual(disorder, []);
  await sleep(300);
  const { destinations, enrolment } = await status();
  t.true((destinations[0]?.owed.readings ?? 0) > before, "what was measured before is still owed");
  t.is(enrolment?.state, "enrolled");
});
