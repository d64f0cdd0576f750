import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { sizeOf } from "../../drivers/modbus/value.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openTcp } from "../../edge/world/tcp.ts";
import { testWith } from "../debian/test-with.ts";
import { startChild } from "../processes/child.ts";
import { readRaw, readTable, readTableAtOnce } from "./read-table.ts";
import { linesOf, tableOf } from "./table.ts";

const SOURCE = fileURLToPath(new URL("libmodbus-server.c", import.meta.url));
const COMPILER = "cc";
const NEVER = new AbortController().signal;
const ROWS = tableOf(sizeOf);

testWith(
  "libmodbus-dev",
  "gcc",
  "libc6-dev",
)("libmodbus over TCP: every area, type and order is read back right", async (t) => {
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
  const bus = { kind: "modbus-tcp", timeoutMs: 2000, graceMs: 200 } as const;
  const session = openModbus(link, new SystemClock(), bus);
  for (const { what, expected, read } of await readTable(session, ROWS, NEVER)) {
    t.deepEqual(read, expected, what);
  }
  t.like(session.counters(), { timeouts: 0, malformed: 0, discardedBytes: 0, unsolicited: 0 });
  const refused = await readRaw(session, { address: 65_535 }, NEVER);
  t.like(refused, { kind: "failure", reason: "exception:2" });
  session.close();

  // The server takes one connection after the other.
  const again = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 5000 }, NEVER);
  const wide = openModbus(again, new SystemClock(), { ...bus, inFlight: 4 });
  t.teardown(() => wide.close());
  for (const { what, expected, read } of await readTableAtOnce(wide, ROWS, NEVER)) {
    t.deepEqual(read, expected, `${what}, four at a time`);
  }
  t.like(wide.counters(), { timeouts: 0, malformed: 0, discardedBytes: 0, unsolicited: 0 });
});
