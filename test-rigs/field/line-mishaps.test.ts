import test, { type ExecutionContext } from "ava";
import type { ReadOutcome, Write } from "../../drivers/driver.ts";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";

/**
 * What bare Modbus clients are known to get wrong on a serial line, on a real port: an answer taken
 * for the next request's, reads at once mixed up, a vanished port waited for for ever.
 */
const NEVER = new AbortController().signal;
const BAUD = 19_200;
/** Where an answer comes it has this time, also on a busy machine. */
const PATIENT_MS = 2000;
/** Where none is to come in time. */
const TIMEOUT_MS = 200;
const GRACE_MS = 400;

/** Registers hold ten times their address. */
const SIGNALS = Array.from({ length: 1000 }, (_, address) => ({
  area: "holding" as const,
  address,
  type: "uint16" as const,
  valueAt: () => address * 10,
}));
const COILS = [{ area: "coil" as const, address: 3, type: "bool" as const, valueAt: () => false }];

type Line = {
  readonly timeoutMs?: number;
  /** Whether the adapter gives requests back, and what the gateway is told of that. */
  readonly echo?: boolean;
  readonly told?: boolean;
};

async function aLine(
  t: ExecutionContext,
  { timeoutMs = PATIENT_MS, echo = false, told }: Line = {},
) {
  const devices = [modbusDevice(1, [...SIGNALS, ...COILS])];
  const plant = openModbusLine({ baud: BAUD, echo, devices });
  t.teardown(() => plant.close());
  const serial = { path: plant.path, baud: BAUD, format: "8N1" } as const;
  const timing = { timeoutMs, graceMs: GRACE_MS };
  const bus = { kind: "modbus-rtu", serial, echo: told ?? null, ...timing } as const;
  const session = openModbus(await openSerial(serial, NEVER), new SystemClock(), bus);
  t.teardown(() => session.close());
  const read = (address: number) => session.read(aRequest({ address }), NEVER);
  const write = async (order: Write) =>
    await session.write?.({ device: "u1", unit: 1, write: order }, NEVER);
  return { plant, session, read, write };
}

/** The values, or why there are none. */
function said(outcome: ReadOutcome) {
  return outcome.kind === "values" ? outcome.readings.map(({ value }) => value) : outcome.reason;
}

const right = (address: number) => [address * 10, address * 10 + 10];

/** Reads until it works, at most `tries` times; what is read must be right. */
async function recovers(
  t: ExecutionContext,
  { read }: Awaited<ReturnType<typeof aLine>>,
  tries = 5,
): Promise<void> {
  for (let address = 700; address < 700 + tries; address++) {
    const outcome = said(await read(address));
    if (!Array.isArray(outcome)) continue;
    t.deepEqual(outcome, right(address));
    return;
  }
  t.fail(`no answer in ${tries} reads`);
}

test.serial("an answer that comes after its time-out is never the next read's", async (t) => {
  const line = await aLine(t, { timeoutMs: TIMEOUT_MS });
  line.plant.setFault(1, { kind: "late", untilMs: TIMEOUT_MS + 100 });
  t.is(said(await line.read(0)), "timeout");
  line.plant.setFault(1, null);
  for (const address of [500, 700, 900]) {
    const outcome = said(await line.read(address));
    if (Array.isArray(outcome)) t.deepEqual(outcome, right(address));
  }
  await recovers(t, line);
  t.true(line.session.counters().lateAnswers + line.session.counters().unsolicited >= 1);
});

test.serial("three reads at once get their own answers", async (t) => {
  const { plant, read } = await aLine(t);
  const addresses = [0, 100, 200];
  t.deepEqual((await Promise.all(addresses.map(read))).map(said), addresses.map(right));
  t.is(plant.collisions(), 0);
});

test.serial("a port that vanishes while an answer is awaited ends the read at once", async (t) => {
  const { plant, session, read } = await aLine(t);
  t.deepEqual(said(await read(0)), right(0));
  plant.setFault(1, { kind: "dead" });
  const started = performance.now();
  const reads = [0, 100, 200].map(read);
  setTimeout(() => plant.unplug(), 30);
  t.deepEqual((await Promise.all(reads)).map(said), ["link-closed", "link-closed", "link-closed"]);
  t.true(performance.now() - started < PATIENT_MS);
  t.regex(await session.closed, /gone|EIO|closed/);
});

for (const [kind, expected] of [
  ["truncated", ["timeout", "crc"]],
  ["bad-crc", ["crc"]],
  ["garbage", ["timeout", "crc", "malformed"]],
] as const) {
  test.serial(
    `an answer that is ${kind} is told as such, and the next read is right`,
    async (t) => {
      const line = await aLine(t);
      line.plant.setFault(1, { kind });
      const outcome = said(await line.read(0));
      t.true(
        expected.some((reason) => reason === outcome),
        String(outcome),
      );
      line.plant.setFault(1, null);
      await recovers(t, line);
    },
  );
}

test.serial("a glitch before the answer does not matter", async (t) => {
  const { plant, read } = await aLine(t);
  plant.setFault(1, { kind: "noisy" });
  for (const address of [0, 100, 200]) t.deepEqual(said(await read(address)), right(address));
});

/** What a device confirms by repeating it (Modbus Application Protocol V1.1b3, 6.5 and 6.6). */
const ORDERS: readonly Write[] = [
  { kind: "coil", address: 3, on: true },
  { kind: "register", address: 7, register: 42 },
];

test.serial("behind an adapter that gives requests back reads and writes are right", async (t) => {
  const { session, read, write } = await aLine(t, { echo: true });
  t.deepEqual(said(await read(0)), right(0));
  for (const order of ORDERS) t.like(await write(order), { kind: "done" });
  t.deepEqual(said(await read(7)), [42, 80]);
  t.like(session.counters(), { timeouts: 0, crcErrors: 0, unsolicited: 0 });
});

test.serial(
  "the echo of a write to a dead device is no confirmation where echo is said",
  async (t) => {
    const { plant, write } = await aLine(t, { timeoutMs: TIMEOUT_MS, echo: true, told: true });
    plant.setFault(1, { kind: "dead" });
    for (const order of ORDERS) t.like(await write(order), { kind: "unknown", reason: "timeout" });
    plant.setFault(1, null);
    for (const order of ORDERS) t.like(await write(order), { kind: "done" });
  },
);
