import { join } from "node:path";
import test from "ava";
import type { Application } from "../../ota/release/application.ts";
import { runtimeFiles } from "../../ota/release/runtime.ts";
import { testWith } from "../debian/test-with.ts";
import { until } from "../field/rig.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { builtHere, CHECKOUT, installRelease } from "../release/installed-release.ts";
import { emulatedNode } from "./emulated-node.ts";

const VERSION = "0.2.0";
/** Where each instruction is translated first, a start takes ten seconds, and more under load. */
const START_MS = 300_000;
/** What of npm is kept for the next time. */
const CACHE = join(CHECKOUT, "node_modules", ".cache", "lifeline-runtime");

let built: Application;

test.before(async () => {
  built = await builtHere(VERSION, 1, "arm64");
});

test("a release for 64-bit ARM has the native parts of that processor alone", (t) => {
  const natives = built.files.filter(({ path }) => path.endsWith(".node"));
  // e_machine of the header: 183 is AArch64.
  t.deepEqual(
    natives.map(({ bytes }) => Buffer.from(bytes()).readUInt16LE(18)),
    [183, 183],
  );
});

testWith(
  "qemu-user",
  "libstdc++6-arm64-cross",
  "mosquitto",
)(
  "a release for 64-bit ARM reads its configuration and a serial line, and delivers what it read",
  async (t) => {
    t.timeout(700_000);
    const root = tempDir("arm64");
    const node = emulatedNode(join(root, "emulated"), await runtimeFiles("arm64", CACHE));
    const launcher = installRelease(root, VERSION, built.files, node);
    const signal = { area: "input", address: 0, type: "uint16", valueAt: () => 7 } as const;
    const line = openModbusLine({ baud: 115_200, devices: [modbusDevice(1, [signal])] });
    t.teardown(() => line.close());
    const broker = await startMosquitto();
    t.teardown(() => broker.close());
    const receiver = await openReceiver(broker.url);
    t.teardown(() => receiver.close());
    const { config, status } = gatewayHome(`buses:
  line: { kind: modbus-rtu, port: ${line.path}, baud: 115200, timeout: 1s }
devices:
  gauge: { bus: line, unit: 1, every: 500ms, points: { level: { area: input, address: 0, type: uint16 } } }
destinations: { centre: { kind: mqtt, url: "${broker.url}" } }`);
    // Once: each start is mostly loading, and what is loaded is translated.
    const gateway = startChild(launcher, ["run", "--config", config], { HOME: root });
    t.teardown(() => gateway.end("SIGKILL"));
    await gateway.waitFor(/gateway gw-test runs/, START_MS);
    const report = () => receiver.audit.report("gw-test");
    const isRead = () => report()?.points.some(({ value }) => value === 7) === true;
    await until("a reading to be delivered", START_MS, isRead);
    t.is((await status()).release, VERSION);
    await gateway.end("SIGTERM");
    t.is(await gateway.exited, 0, gateway.lines.join("\n"));
    t.like(report()?.readings, [{ gaps: 0, conflicts: 0 }]);
  },
);
