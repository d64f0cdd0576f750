import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { startEnrolment } from "../centre/enrolment-server.ts";
import { newClaim } from "../centre/gateway-claim.ts";
import { startIdentityBroker } from "../centre/identity-broker.ts";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { until } from "./rig.ts";

testWith("mosquitto")(
  "a new box takes over from a broken one: a stream of its own from 1, no gap in either, and the old box stays out and buffers",
  async (t) => {
    t.timeout(240_000);
    const dir = tempDir("centre");
    const server = await startEnrolment(dir);
    t.teardown(() => server.close());
    const broker = await startIdentityBroker(dir, server);
    t.teardown(() => broker.close());
    server.onRevoked = (gateway) => void broker.cut(gateway);
    const signal = { area: "input", address: 0, type: "uint16", valueAt: () => 7 } as const;
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal])] });
    t.teardown(() => plant.close());
    const box = () => {
      const claim = join(tempDir("claim"), "claim");
      writeFileSync(claim, newClaim(dir, "gw-test"));
      const { file } = server.authority;
      return gatewayHome(
        `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices: { d: { bus: main, unit: 1, every: 500ms, points: { x: { area: input, address: 0, type: uint16 } } } }
enrolment: { url: "${server.url}", ca: ${file}, claim: ${claim} }
destinations: { centre: { kind: mqtt, url: "${broker.url}", tls: { identity: true, ca: ${file} } } }`,
        { commit: "500ms", isSynced: true },
      );
    };
    const receiver = await openReceiver(broker.adminUrl);
    t.teardown(() => receiver.close());
    const streams = () => receiver.audit.report("gw-test")?.readings ?? [];

    const old = box();
    const first = await old.start();
    t.teardown(() => first.end("SIGKILL"));
    await until("readings of the old box", 60_000, () => (streams()[0]?.distinct ?? 0) > 3);
    const anew = box();
    const args = ["provision", "replace", "--yes", "--config", anew.config];
    t.is(await startChild(process.execPath, [MAIN, ...args]).exited, 0);
    const second = await anew.start();
    t.teardown(() => second.end("SIGKILL"));
    await until("readings of the new box", 60_000, () => (streams()[1]?.distinct ?? 0) > 3);

    const isOut = async () => {
      const [centre] = (await old.status()).destinations;
      return centre?.code === "uplink.client-certificate";
    };
    await until("the old box is out", 60_000, isOut);
    const reached = streams()[0]?.highest ?? 0;
    const owed = async () => (await old.status()).destinations[0]?.owed.readings ?? 0;
    await until("it buffers", 60_000, async () => (await owed()) > 3);
    // It is switched off and comes back.
    await first.end("SIGTERM");
    const back = await old.start();
    t.teardown(() => back.end("SIGKILL"));
    await until("it is out again", 60_000, isOut);
    const then = await owed();
    await until("it buffers on", 60_000, async () => (await owed()) > then + 3);
    await second.end("SIGTERM");
    await until(
      "the farewell",
      30_000,
      () => receiver.audit.report("gw-test")?.state === "offline",
    );

    const [before, after] = streams();
    t.is(streams().length, 2);
    t.not(after?.stream, before?.stream);
    t.is(before?.highest, reached, "nothing came of it since");
    for (const { gaps, conflicts, nextExpected, highest } of streams()) {
      t.deepEqual([gaps, conflicts, nextExpected], [0, 0, highest + 1]);
    }
    t.is(server.entries.filter(({ kind }) => kind === "quarantined").length, 0);
  },
);
