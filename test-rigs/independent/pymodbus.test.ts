import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { Session } from "../../drivers/driver.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { sizeOf } from "../../drivers/modbus/value.ts";
import type { Query } from "../../drivers/query.ts";
import { sessionOpener } from "../../edge/acquire/open-session.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { realWorld } from "../../edge/world/real.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { openTcp } from "../../edge/world/tcp.ts";
import { openUdp } from "../../edge/world/udp.ts";
import { testWith } from "../debian/test-with.ts";
import { openPtyPair } from "../plant/pty.ts";
import { startChild } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import { readRaw, readTable, readTableAtOnce } from "./read-table.ts";
import { linesOf, tableOf } from "./table.ts";

/** Debian's Python: the one that Debian's pymodbus is for. */
const PYTHON = "/usr/bin/python3";
const SERVER = fileURLToPath(new URL("pymodbus_server.py", import.meta.url));

const NEVER = new AbortController().signal;
const TIMING = { timeoutMs: 2000, graceMs: 200 };
const ROWS = tableOf(sizeOf);
/** What the one that dials in says of itself, and sends every 20 ms. */
const HEX = { registration: Buffer.from("DTU-0007\r\n").toString("hex"), heartbeat: "fefe" };

type Framing = "socket" | "rtu" | "ascii";

/** Starts the server with the table, on TCP, on UDP or on the serial port `where`; gives its port. */
async function startServer(t: ExecutionContext, framing: Framing, where: string) {
  const line = await startProgram(t, framing, where).waitFor(/^listening on/, 30_000);
  return Number(line.split(" ").at(-1));
}

/** Starts the program with the table, to be ended with the test. */
function startProgram(t: ExecutionContext, framing: Framing, ...where: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-pymodbus-"));
  const table = join(dir, "table.txt");
  writeFileSync(table, linesOf(ROWS));
  const child = startChild(PYTHON, [SERVER, table, framing, ...where]);
  t.teardown(async () => {
    await child.end("SIGKILL");
    rmSync(dir, { recursive: true });
  });
  return child;
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

/** Writes a register that the table holds and reads it back. */
async function checkWrite(t: ExecutionContext, session: Session): Promise<void> {
  const write = { kind: "register", address: 0, register: 4711 } as const;
  t.like(await session.write?.({ device: "d", unit: 1, write }, NEVER), { kind: "done" });
  t.like(await readRaw(session, {}, NEVER), { kind: "values", readings: [{ value: 4711 }] });
}

for (const framing of ["tcp", "rtu", "ascii"] as const) {
  testWith("python3-pymodbus", "python3-serial-asyncio")(
    `pymodbus over TCP, framed as ${framing}: every area, type and order is read back right`,
    async (t) => {
      const port = await startServer(t, framing === "tcp" ? "socket" : framing, "tcp");
      const link = await openTcp({ host: "127.0.0.1", port, connectTimeoutMs: 5000 }, NEVER);
      const bus = { kind: "modbus-tcp", framing, ...TIMING } as const;
      const session = openModbus(link, new SystemClock(), bus);
      t.teardown(() => session.close());
      await checkTable(t, session);
      await checkQueries(t, session);
      const refused = await readRaw(session, { address: 65_535 }, NEVER);
      t.like(refused, { kind: "failure", reason: "exception:2" });
      await checkWrite(t, session);
    },
  );
}

testWith("python3-pymodbus", "python3-serial-asyncio")(
  "pymodbus over UDP: every area, type and order is read back right",
  async (t) => {
    const port = await startServer(t, "socket", "udp");
    const link = await openUdp({ host: "127.0.0.1", port }, NEVER);
    const session = openModbus(link, new SystemClock(), { kind: "modbus-udp", ...TIMING });
    t.teardown(() => session.close());
    await checkTable(t, session);
    await checkQueries(t, session);
    const refused = await readRaw(session, { address: 65_535 }, NEVER);
    t.like(refused, { kind: "failure", reason: "exception:2" });
    await checkWrite(t, session);
  },
);

for (const kind of ["modbus-tcp", "modbus-udp"] as const) {
  testWith("python3-pymodbus", "python3-serial-asyncio")(
    `pymodbus asked four requests at a time, ${kind}: every value is its own point's`,
    async (t) => {
      const isTcp = kind === "modbus-tcp";
      const port = await startServer(t, "socket", isTcp ? "tcp" : "udp");
      const where = { host: "127.0.0.1", port, connectTimeoutMs: 5000 };
      const link = isTcp ? await openTcp(where, NEVER) : await openUdp(where, NEVER);
      const session = openModbus(link, new SystemClock(), { kind, ...TIMING, inFlight: 4 });
      t.teardown(() => session.close());
      for (const { what, expected, read } of await readTableAtOnce(session, ROWS, NEVER)) {
        t.deepEqual(read, expected, what);
      }
      t.like(session.counters(), { timeouts: 0, malformed: 0, discardedBytes: 0, unsolicited: 0 });
    },
  );
}

for (const framing of ["rtu", "ascii"] as const) {
  testWith("python3-pymodbus", "python3-serial-asyncio")(
    `pymodbus that dials in, framed as ${framing}: every area, type and order is read back right`,
    async (t) => {
      const stop = new AbortController();
      t.teardown(() => stop.abort());
      const port = await freePort();
      const bus = {
        kind: "modbus-dial-in",
        name: "dtu",
        ...TIMING,
        turnaroundMs: 5,
        deadBudget: 0.1,
        listen: { host: "127.0.0.1", port },
        caller: { kind: "registration", hex: HEX.registration },
        framing,
        heartbeat: HEX.heartbeat,
        connectTimeoutMs: 30_000,
      } as const;
      const open = sessionOpener(
        realWorld(
          () => true,
          () => "",
        ),
        [bus],
      );
      const dialIn = () =>
        startProgram(t, framing, "dial", `${port}`, HEX.registration, HEX.heartbeat);
      const first = dialIn();
      const session = await open(bus, stop.signal);
      await checkTable(t, session);
      await checkQueries(t, session);
      const refused = await readRaw(session, { address: 65_535 }, NEVER);
      t.like(refused, { kind: "failure", reason: "exception:2" });
      await checkWrite(t, session);
      const absent = await readRaw(session, { unit: 9 }, NEVER);
      t.like(absent, { kind: "failure", reason: "timeout" });
      await first.end("SIGKILL");
      t.regex(await session.closed, /closed|ECONNRESET/);
      dialIn();
      const again = await open(bus, stop.signal);
      t.like(await readRaw(again, {}, NEVER), { kind: "values" });
      again.close();
    },
  );
}

for (const [framing, format] of [
  ["rtu", "8N1"],
  ["ascii", "7E1"],
] as const) {
  testWith(
    "python3-pymodbus",
    "python3-serial-asyncio",
    "perl",
  )(
    `pymodbus over a serial line in ${framing}: every area, type and order is read back right`,
    async (t) => {
      const baud = 115_200;
      const pair = openPtyPair({ baud });
      t.teardown(() => pair.close());
      const [path, far] = pair.paths;
      await startServer(t, framing, far);
      const link = await openSerial({ path, baud, format }, NEVER);
      const bus = { kind: `modbus-${framing}`, serial: { baud }, ...TIMING } as const;
      const session = openModbus(link, new SystemClock(), bus);
      t.teardown(() => session.close());
      await checkTable(t, session);
      await checkQueries(t, session);
      const refused = await readRaw(session, { address: 65_535 }, NEVER);
      t.like(refused, { kind: "failure", reason: "exception:2" });
      await checkWrite(t, session);
      const absent = await readRaw(session, { unit: 9 }, NEVER);
      t.like(absent, { kind: "failure", reason: "timeout" });
    },
  );
}
