import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../buffer/worker-port.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import { testAsRoot } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { testOnDisk } from "../power-cut/test-on-disk.ts";
import { startVolatileDisk } from "../power-cut/volatile-disk.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { batch, optionsFor, tempDir } from "../sim/buffer-rig.ts";
import { until } from "./rig.ts";

/** A gateway that reads one value from `port` and alarms above 50. */
function yamlFor(port: number): string {
  return `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} } }
devices: { d: { bus: main, unit: 1, every: 100ms, points: { x: { area: holding, address: 0, type: uint16 } } } }
alarms: { high: { point: d.x, high: 50, severity: red } }`;
}

testOnDisk(
  "a card that turns read-only: the gateway measures and alarms on, says so, and keeps what it had",
  async (t) => {
    t.timeout(110_000);
    let level = 10;
    const signal = { area: "holding", address: 0, type: "uint16", valueAt: () => level } as const;
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [signal])] });
    t.teardown(() => plant.close());
    const disk = await startVolatileDisk(1);
    t.teardown(() => disk.close());
    disk.format();
    t.is(disk.mount("errors=remount-ro"), null);
    const home = gatewayHome(yamlFor(plant.port));
    symlinkSync(disk.dir, join(home.dir, "buffer"));
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    await until("a stored batch", 20_000, async () => {
      return (await home.status()).buffer.heads.readings > 0;
    });

    disk.turnReadOnly();
    await gateway.waitFor(/buffer: nothing can be stored.*cause=buffer.read-only/, 20_000);
    level = 60;
    await gateway.waitFor(/high: .*value=60/, 20_000);
    const { buffer, points, alarms } = await home.status();
    t.is(buffer.failing, "buffer.read-only");
    t.is(points[0]?.value, 60);
    t.is(alarms[0]?.state, "unacknowledged");
    await gateway.end("SIGTERM");
    t.true(gateway.lines.some((line) => /what could not be stored is lost/.test(line)));

    const again = await home.start();
    t.teardown(() => again.end("SIGKILL"));
    await again.waitFor(/high: .*value=60/, 20_000);
    await again.end("SIGTERM");
    t.true(again.lines.some((line) => /the buffer cannot be opened.*read-only/.test(line)));

    disk.unmount();
    t.is(disk.mount("errors=remount-ro"), null);
    const last = await home.start();
    t.teardown(() => last.end("SIGKILL"));
    await until("a batch more", 20_000, async () => {
      return (await home.status()).buffer.heads.readings > buffer.heads.readings;
    });
    await last.end("SIGTERM");
    const ledger = await openLedger(optionsFor(disk.dir, { gateway: "gw-test" }));
    t.teardown(() => ledger.close());
    const stored = await ledger.readBatches(1, buffer.heads.readings);
    t.is(stored.length, buffer.heads.readings);
    t.true(stored.every(({ batch }) => batch !== null));
  },
);

testAsRoot(
  "a buffer on a read-only file system is refused as such until it is writable",
  async (t) => {
    const dir = tempDir(t);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1M", "tmpfs", dir]);
    t.teardown(() => execFileSync("umount", [dir]));
    const first = await openLedger(optionsFor(dir));
    await first.close();
    execFileSync("mount", ["-o", "remount,ro", dir]);
    for (const place of [dir, join(dir, "missing")]) {
      const refused = openLedger(optionsFor(place));
      const error = await t.throwsAsync(refused, { instanceOf: GatewayError });
      t.is(error?.code, "buffer.read-only", place);
    }
    execFileSync("mount", ["-o", "remount,rw", dir]);
    const last = await openLedger(optionsFor(dir));
    await last.close();
  },
);

testAsRoot(
  "a gateway started on a read-only file system alarms, and stores what waited once it is writable",
  async (t) => {
    t.timeout(110_000);
    const level = { area: "holding", address: 0, type: "uint16", valueAt: () => 60 } as const;
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [level])] });
    t.teardown(() => plant.close());
    const home = gatewayHome(yamlFor(plant.port));
    const dir = join(home.dir, "buffer");
    mkdirSync(dir);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=20M", "tmpfs", dir]);
    t.teardown(() => execFileSync("umount", [dir]));
    const before = await openLedger(optionsFor(dir, { gateway: "gw-test" }));
    await before.commit({ batches: [batch(1)] });
    await before.close();
    execFileSync("mount", ["-o", "remount,ro", dir]);

    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    await gateway.waitFor(/high: .*value=60/, 20_000);
    await gateway.waitFor(/no command reaches this gateway/, 20_000);
    const raisedBy = Date.now();
    execFileSync("mount", ["-o", "remount,rw", dir]);
    await gateway.waitFor(/buffer: it stores again/, 30_000);
    await until("the control socket", 20_000, () => existsSync(join(dir, "control.sock")));
    const { buffer, alarms } = await home.status();
    t.is(buffer.streams.readings, "R1");
    t.is(alarms[0]?.state, "unacknowledged");
    t.true((alarms[0]?.since ?? Infinity) <= raisedBy, "the alarm stands since it was raised");
    await gateway.end("SIGTERM");
    const ledger = await openLedger(optionsFor(dir, { gateway: "gw-test" }));
    t.teardown(() => ledger.close());
    const [first, second] = await ledger.readBatches(1, 2);
    t.deepEqual(first, { seq: 1, batch: batch(1) });
    t.true((second?.batch?.at ?? Infinity) <= raisedBy, "what was read meanwhile was not stored");
  },
);
