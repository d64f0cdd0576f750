import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { Write } from "../../drivers/driver.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { sizeOf } from "../../drivers/modbus/value.ts";
import type { Area } from "../../edge/core/point.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openTcp } from "../../edge/world/tcp.ts";
import { testWith } from "../debian/test-with.ts";
import { startChild } from "../processes/child.ts";
import { readRaw, readTable, readTableAtOnce, readValues } from "./read-table.ts";
import { linesOf, tableOf } from "./table.ts";

const SOURCE = fileURLToPath(new URL("libmodbus-server.c", import.meta.url));
const COMPILER = "cc";
const NEVER = new AbortController().signal;
const ROWS = tableOf(sizeOf);

const withLibmodbus = testWith("libmodbus-dev", "gcc", "libc6-dev");

/** A session with a server on libmodbus that holds the table, both ended with the test. */
async function openServer(t: ExecutionContext, inFlight = 1) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-libmodbus-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const program = join(dir, "server");
  const table = join(dir, "table.txt");
  execFileSync(COMPILER, ["-O1", "-Wall", "-Wextra", "-Werror", "-o", program, SOURCE, "-lmodbus"]);
  writeFileSync(table, linesOf(ROWS));
  const child = startChild(program, [table]);
  t.teardown(() => child.end("SIGKILL"));
  const line = await child.waitFor(/^listening on/, 30_000);
  const port = Number(line.split(" ").at(-1));
  const link = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 5000 }, NEVER);
  const bus = { kind: "modbus-tcp", timeoutMs: 2000, graceMs: 200, inFlight } as const;
  const session = openModbus(link, new SystemClock(), bus);
  t.teardown(() => session.close());
  return session;
}

withLibmodbus("libmodbus over TCP: every area, type and order is read back right", async (t) => {
  const session = await openServer(t);
  for (const { what, expected, read } of await readTable(session, ROWS, NEVER)) {
    t.deepEqual(read, expected, what);
  }
  t.like(session.counters(), { timeouts: 0, malformed: 0, discardedBytes: 0, unsolicited: 0 });
  const refused = await readRaw(session, { address: 65_535 }, NEVER);
  t.like(refused, { kind: "failure", reason: "exception:2" });
});

withLibmodbus(
  "libmodbus asked four requests at a time: every value is its own point's",
  async (t) => {
    const session = await openServer(t, 4);
    for (const { what, expected, read } of await readTableAtOnce(session, ROWS, NEVER)) {
      t.deepEqual(read, expected, what);
    }
    t.like(session.counters(), { timeouts: 0, malformed: 0, discardedBytes: 0, unsolicited: 0 });
  },
);

withLibmodbus("libmodbus over TCP: every write is done as asked, or refused", async (t) => {
  const session = await openServer(t);
  const write = async (order: Write) =>
    await session.write?.({ device: "d", unit: 1, write: order }, NEVER);
  t.is((await write({ kind: "register", address: 50_000, register: 0xbeef }))?.kind, "done");
  t.is((await write({ kind: "registers", address: 50_001, registers: [1, 2, 3] }))?.kind, "done");
  t.is((await write({ kind: "mask", address: 50_000, and: 0xf0f0, or: 0x0506 }))?.kind, "done");
  const at = (area: Area, count: number) => readValues(session, { area, address: 50_000, count });
  t.deepEqual(await at("holding", 4), [(0xbeef & 0xf0f0) | (0x0506 & 0x0f0f), 1, 2, 3]);
  const swap: Write = {
    kind: "read-write",
    address: 50_002,
    registers: [7, 8],
    from: 50_001,
    count: 3,
  };
  t.like(await write(swap), { kind: "done", registers: [1, 7, 8] });
  t.is((await write({ kind: "coil", address: 50_000, on: true }))?.kind, "done");
  const bits = [false, true, true, false, false, true, false, true, true];
  t.is((await write({ kind: "coils", address: 50_001, bits }))?.kind, "done");
  t.deepEqual(await at("coil", 10), [true, ...bits]);
  t.like(await write({ kind: "register", address: 65_535, register: 1 }), {
    kind: "not-done",
    reason: "exception:2",
  });
  t.like(session.counters(), { timeouts: 0, malformed: 0, discardedBytes: 0, unsolicited: 0 });
});
