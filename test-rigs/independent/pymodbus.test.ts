import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { Session } from "../../drivers/driver.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { sizeOf } from "../../drivers/modbus/value.ts";
import type { Query } from "../../drivers/query.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { openTcp } from "../../edge/world/tcp.ts";
import { testWith } from "../debian/test-with.ts";
import { openPtyPair } from "../plant/pty.ts";
import { startChild } from "../processes/child.ts";
import { readRaw, readTable } from "./read-table.ts";
import { linesOf, tableOf } from "./table.ts";

/** Debian's Python: the one that Debian's pymodbus is for. */
const PYTHON = "/usr/bin/python3";
const SERVER = fileURLToPath(new URL("pymodbus_server.py", import.meta.url));

const NEVER = new AbortController().signal;
const TIMING = { timeoutMs: 2000, graceMs: 200 };
const ROWS = tableOf(sizeOf);

/** Starts the server with the table, on TCP or on the serial port `where`. */
async function startServer(t: ExecutionContext, where: string) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-pymodbus-"));
  const table = join(dir, "table.txt");
  writeFileSync(table, linesOf(ROWS));
  const child = startChild(PYTHON, [SERVER, table, where]);
  t.teardown(async () => {
    await child.end("SIGKILL");
    rmSync(dir, { recursive: true });
  });
  const line = await child.waitFor(/^listening on/, 30_000);
  return Number(line.split(" ").at(-1));
}

async function checkTable(t: ExecutionContext, session: Session): Promise<void> {
  for (const { what, expected, read } of await readTable(session, ROWS, NEVER)) {
    t.deepEqual(read, expected, what);
  }
  t.like(session.counters(), { timeouts: 0, crcErrors: 0, malformed: 0, discardedBytes: 0 });
}

/** Asks unit 1 who it is, by every function that says so. */
async function checkQueries(t: ExecutionContext, session: Session): Promise<void> {
  const ask = async (query: Query) => {
    const outcome = await session.query?.({ device: "table", unit: 1, query }, NEVER);
    return outcome?.kind === "answer" ? outcome.answer : outcome?.reason;
  };
  t.deepEqual(await ask({ kind: "identification", from: 0 }), {
    kind: "identification",
    objects: [
      { id: 0, text: "Lifeline" },
      { id: 1, text: "TABLE" },
      { id: 2, text: "1.2" },
    ],
    next: null,
  });
  const running = 0xff;
  const id = [...Buffer.from("Lifeline-TABLE-1.2"), running];
  t.deepEqual(await ask({ kind: "server-id" }), { kind: "server-id", id });
  t.like(await ask({ kind: "exception-status" }), { kind: "exception-status" });
  t.deepEqual(await ask({ kind: "return-data", data: 0xa537 }), { kind: "returned" });
  t.is(await ask({ kind: "place", area: "holding", address: 65_535, count: 1 }), "exception:2");
  t.like(session.counters(), { timeouts: 0, crcErrors: 0, malformed: 0, discardedBytes: 0 });
}

testWith("python3-pymodbus", "python3-serial-asyncio")(
  "pymodbus over TCP: every area, type and order is read back right, and who it is",
  async (t) => {
    const port = await startServer(t, "tcp");
    const link = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 5000 }, NEVER);
    const session = openModbus(link, new SystemClock(), { kind: "modbus-tcp", ...TIMING });
    t.teardown(() => session.close());
    await checkTable(t, session);
    await checkQueries(t, session);
    const refused = await readRaw(session, { address: 65_535 }, NEVER);
    t.like(refused, { kind: "failure", reason: "exception:2" });
  },
);

testWith(
  "python3-pymodbus",
  "python3-serial-asyncio",
  "perl",
)(
  "pymodbus over a serial line: every area, type and order is read back right, and who it is",
  async (t) => {
    const baud = 115_200;
    const pair = openPtyPair({ baud });
    t.teardown(() => pair.close());
    const [path, far] = pair.paths;
    await startServer(t, far);
    const link = await openSerial({ path, baud, format: "8N1" }, NEVER);
    const bus = { kind: "modbus-rtu", serial: { baud }, ...TIMING } as const;
    const session = openModbus(link, new SystemClock(), bus);
    t.teardown(() => session.close());
    await checkTable(t, session);
    await checkQueries(t, session);
    const refused = await readRaw(session, { address: 65_535 }, NEVER);
    t.like(refused, { kind: "failure", reason: "exception:2" });
    const absent = await readRaw(session, { unit: 9 }, NEVER);
    t.like(absent, { kind: "failure", reason: "timeout" });
  },
);
