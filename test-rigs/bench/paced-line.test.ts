import { withCrc } from "../../drivers/modbus/crc16.ts";
import { aRequest, hex } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";
import { testWith } from "../debian/test-with.ts";
import { compiled } from "../processes/compiled.ts";
import { legalMs, startLine, tooEarly } from "./paced-line.ts";

const NEVER = new AbortController().signal;
const BAUD = 19_200;
const test = testWith("gcc", "libc6-dev");

async function aLine(t: { teardown(end: () => Promise<void>): void }, dead: number) {
  const line = await startLine(compiled(new URL("paced-line.c", import.meta.url)), BAUD, dead);
  t.teardown(() => line.end());
  const serial = { path: line.path, baud: BAUD, format: "8E1" } as const;
  return { line, serial, link: await openSerial(serial, NEVER) };
}

test("the plant of the bus bench answers at the pace of the line, and dead units not at all", async (t) => {
  const { line, serial, link } = await aLine(t, 1);
  const timing = { timeoutMs: 1000, graceMs: 0 };
  const session = openModbus(link, new SystemClock(), { kind: "modbus-rtu", serial, ...timing });
  t.teardown(() => session.close());
  const read = (unit: number) => session.read(aRequest({ unit, address: 7, count: 3 }), NEVER);
  for (let n = 0; n < 5; n++) {
    const outcome = await read(2);
    t.deepEqual(outcome.kind === "values" && outcome.readings.map(({ value }) => value), [7, 8, 9]);
  }
  t.like(await read(1), { kind: "failure", reason: "timeout" });
  await line.end();
  const heard = line.heard();
  t.deepEqual(
    heard.map(({ unit }) => unit),
    [2, 2, 2, 2, 2, 1],
  );
  const periods = heard.slice(1).map(({ atMs }, index) => atMs - (heard[index]?.atMs ?? 0));
  t.true(Math.min(...periods) >= legalMs(BAUD, 3));
  t.is(tooEarly(heard, BAUD), 0);
});

test("the plant of the bus bench notices a request that comes too early", async (t) => {
  const { line, link } = await aLine(t, 0);
  t.teardown(() => link.close());
  const request = withCrc(hex("010300000001"));
  let bytes = 0;
  const { promise: isDone, resolve } = Promise.withResolvers<void>();
  link.onData = (chunk) => {
    bytes += chunk.length;
    if (bytes === 14) resolve();
  };
  // The second waits in the port, and is there the moment that the answer to the first has ended.
  link.write(request);
  link.write(request);
  await isDone;
  await line.end();
  t.is(line.heard().length, 2);
  t.is(tooEarly(line.heard(), BAUD), 1);
});
