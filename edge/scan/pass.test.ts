import test from "ava";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { FakeLink, hex, rtuAnswer } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { scanPass } from "./pass.ts";
import type { UnitReport } from "./unit-report.ts";

const NEVER = new AbortController().signal;
const TIMEOUT_MS = 100;

/**
 * A search of a line at 11 000 baud in virtual time. `devices` say after how many milliseconds and
 * with which bytes a unit answers a request.
 */
function aSearch(
  devices: Readonly<Record<number, (request: Uint8Array) => readonly [number, Uint8Array]>>,
) {
  const clock = new SimClock();
  const link = new FakeLink();
  const bus = {
    kind: "modbus-rtu",
    serial: { baud: 11_000 },
    timeoutMs: 400,
    graceMs: 300,
  } as const;
  const session = openModbus(link, clock, bus);
  link.onWrite = (request) => {
    const device = devices[request[0] as number];
    if (device === undefined) return;
    const [afterMs, bytes] = device(request);
    clock.at(clock.uptime() + request.length + afterMs, () => link.send(bytes));
  };
  const stop = new AbortController();
  const told: UnitReport[] = [];
  const run = async (
    units: readonly number[],
    some: { timeoutMs?: number; lastUnit?: number } = {},
  ) => {
    const { timeoutMs = TIMEOUT_MS, lastUnit } = some;
    const done = scanPass(
      {
        open: () =>
          Promise.resolve({
            isShared: false,
            probe: async (unit, query, timeoutMs) => {
              const pace = { timeoutMs, silenceMs: null, turnaroundMs: null };
              const outcome = await session.query?.({ device: "x", unit, pace, query }, NEVER);
              return outcome ?? Promise.reject();
            },
          }),
        units,
        models: [],
        probe: "read",
        timeoutMs,
        patientMs: 400,
        onUnit: (report) => {
          told.push(report);
          if (report.unit === lastUnit) stop.abort();
        },
      },
      stop.signal,
    );
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    done.then(end, end);
    while (!isDone) await clock.advance(1);
    return await done;
  };
  return { clock, link, run, told };
}

/** A device that holds 7 everywhere and knows no other function. */
const plain =
  (afterMs: number) =>
  ([unit = 0, code = 0]: Uint8Array): readonly [number, Uint8Array] => [
    afterMs,
    code === 3 ? rtuAnswer(unit, [7]) : withCrc(Uint8Array.of(unit, code | 0x80, 1)),
  ];

const states = (reports: readonly UnitReport[]) =>
  reports.map(({ unit, state }) => [unit, state] as const);

test("a dead unit costs the time-out and no more", async (t) => {
  const { clock, run } = aSearch({});
  const { reports } = await run([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  t.true(reports.every(({ state }) => state === "absent"));
  // A request takes 8 ms, and 3.5 characters of silence are before it.
  t.true(clock.uptime() <= 10 * (TIMEOUT_MS + 8 + 4), `${clock.uptime()}`);
});

test("what answers is found among what does not, and told as it is found", async (t) => {
  const { run, told } = aSearch({ 2: plain(10), 4: plain(20) });
  const { reports, left, foreign, trouble } = await run([1, 2, 3, 4, 5]);
  t.deepEqual(states(reports), [
    [1, "absent"],
    [2, "found"],
    [3, "absent"],
    [4, "found"],
    [5, "absent"],
  ]);
  t.deepEqual([told.length, left, foreign, trouble], [5, [], [], null]);
});

test("a device slower than a short time-out is found all the same, and no other is taken for it", async (t) => {
  const { run } = aSearch({ 2: plain(150), 4: plain(20) });
  const { reports } = await run([1, 2, 3, 4]);
  t.deepEqual(states(reports), [
    [1, "absent"],
    [2, "found"],
    [3, "absent"],
    [4, "found"],
  ]);
  t.true((reports.find(({ unit }) => unit === 2)?.tookMs ?? 0) >= 150);
});

test("a device slower than the bus allows is told as late", async (t) => {
  const { run } = aSearch({ 2: plain(450), 4: plain(20) });
  const { reports } = await run([2, 3, 4, 5], { timeoutMs: 400 });
  t.deepEqual(states(reports), [
    [2, "late"],
    [3, "absent"],
    [4, "found"],
    [5, "absent"],
  ]);
});

test("a unit that answers somebody else is foreign", async (t) => {
  const { run } = aSearch({ 1: () => [10, rtuAnswer(200, [1])] });
  t.deepEqual((await run([1, 2])).foreign, [200]);
});

test("two devices at one unit are garbled and do not spoil the others", async (t) => {
  const mixed = hex("03 03 02 FF 07 00 00");
  const { run } = aSearch({ 3: () => [10, mixed], 4: plain(10) });
  t.deepEqual(states((await run([3, 4])).reports), [
    [3, "garbled"],
    [4, "found"],
  ]);
});

test("ended on the way, it tells what is left", async (t) => {
  const { run } = aSearch({ 2: plain(10) });
  const { reports, left } = await run([1, 2, 3, 4, 5], { lastUnit: 2 });
  t.is(reports.length, 2);
  t.deepEqual(left, [3, 4, 5]);
});

test("a line that is lost on the way ends it with why, and keeps what was found", async (t) => {
  const search = aSearch({ 1: plain(10) });
  search.clock.at(300, () => search.link.lose("unplugged"));
  const { reports, left, trouble } = await search.run([1, 2, 3, 4, 5, 6, 7, 8]);
  t.is(trouble?.code, "link.closed");
  t.is(reports[0]?.state, "found");
  t.true(left.length > 0 && reports.length + left.length === 8);
});

test("a way that cannot be opened leaves every unit", async (t) => {
  const refused = new GatewayError("link.refused", "no such port");
  const pass = await scanPass(
    {
      open: () => Promise.reject(refused),
      units: [1, 2],
      models: [],
      probe: "read",
      timeoutMs: 100,
      patientMs: 100,
      onUnit: () => {},
    },
    NEVER,
  );
  t.deepEqual(pass, { reports: [], left: [1, 2], foreign: [], trouble: refused });
});
