import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { openLedger } from "../../buffer/worker-port.ts";
import { testWith } from "../debian/test-with.ts";
import { until } from "../field/rig.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild } from "../processes/child.ts";
import { compiledLibrary } from "../processes/compiled.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { MAIN } from "../processes/program.ts";
import { optionsFor } from "../sim/buffer-rig.ts";
import { Orders } from "./orders.ts";

testWith("gcc", "libc6-dev")(
  "a running gateway whose file system turns read-only and back alarms on, and stores all it read",
  async (t) => {
    t.timeout(110_000);
    let level = 10;
    const signal = { area: "holding", address: 0, type: "uint16", valueAt: () => level } as const;
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal])] });
    t.teardown(() => plant.close());
    const home =
      gatewayHome(`buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: holding, address: 0, type: uint16 } } } }
alarms: { high: { point: d.x, high: 50, severity: red } }`);
    const [dir, file] = [join(home.dir, "buffer"), join(home.dir, "orders")];
    mkdirSync(dir);
    Orders.make(file);
    const orders = new Orders(file);
    const gateway = startChild("env", [
      `LD_PRELOAD=${compiledLibrary(new URL("refusing.c", import.meta.url))}`,
      `REFUSING_DIR=${dir}`,
      `REFUSING_ORDERS=${file}`,
      process.execPath,
      ...NODE_FLAGS,
      MAIN,
      "run",
      "--config",
      home.config,
    ]);
    t.teardown(() => gateway.end("SIGKILL"));
    await gateway.waitFor(/gateway gw-test runs/, 60_000);
    const buffer = async () => (await home.status()).buffer;
    await until("a stored batch", 20_000, async () => (await buffer()).heads.readings > 0);

    orders.refuse("EROFS");
    await gateway.waitFor(/buffer: nothing can be stored.*cause=buffer.read-only/, 20_000);
    const { heads } = await buffer();
    level = 60;
    await gateway.waitFor(/high: .*value=60/, 20_000);
    t.is((await home.status()).alarms[0]?.state, "unacknowledged");
    await until("readings that wait", 20_000, async () => (await buffer()).waiting > 50);

    orders.allow();
    await gateway.waitFor(/buffer: it stores again/, 40_000);
    await gateway.end("SIGTERM");
    const ledger = await openLedger(optionsFor(dir, { gateway: "gw-test" }));
    t.teardown(() => ledger.close());
    const stored = await ledger.readBatches(1, 100_000);
    t.true(stored.length > heads.readings);
    const times = stored.flatMap(({ batch }) => {
      return (batch?.series ?? []).flatMap(({ t: offsets }) => {
        return offsets.map((offset) => (batch?.at ?? 0) + offset);
      });
    });
    // A busy machine polls late at times; what was refused for seconds would be missing whole.
    const most = times.reduce((gap, at, i) => Math.max(gap, at - (times[i - 1] ?? at)), 0);
    t.true(most < 3000, `${most} ms without a reading`);
    const events = await ledger.readEvents(1, 1000);
    t.is(events.filter(({ event }) => event?.kind === "alarm").length, 1);
  },
);
