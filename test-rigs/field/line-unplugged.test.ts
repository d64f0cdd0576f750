import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { collect, fieldRig, truthAt, until } from "./rig.ts";

/**
 * No value may be older than this when it is read: its way over the line, and the load of the
 * machine. An answer that was taken for the next request's is at least 700 ms old.
 */
const STALE_MS = 650;
/** Where no answer is late, only a value from before the mishap would be a lie. */
const LONG_STALE_MS = 2000;

test.serial(
  "an adapter pulled out is noticed, and its readings are bad until it is back",
  async (t) => {
    t.timeout(90_000);
    const { line, got, gateway, begun } = await rig(t);
    await until("a good reading", 10_000, () => got.some(({ quality }) => quality === "good"));
    for (let round = 0; round < 3; round++) {
      line.unplug();
      const out = Date.now();
      await gateway.waitFor(/bus line closed/, 5000);
      await until("a reading without the line", 10_000, () => {
        return got.some(({ at, quality }) => at > out + 100 && quality === "bad:link-closed");
      });
      line.plug();
      const back = Date.now();
      await until("a good reading again", 40_000, () => {
        return got.some(({ at, quality }) => at > back && quality === "good");
      });
      const between = got.filter(({ at }) => at > out + 100 && at < back);
      t.true(between.length > 0);
      t.true(between.every(({ value, quality }) => value === null && quality.startsWith("bad:")));
    }
    t.deepEqual(got.filter(isLie(begun, LONG_STALE_MS)), []);
  },
);

for (const fault of [
  { kind: "dead" },
  { kind: "late", untilMs: 250 },
  { kind: "late", untilMs: 700 },
  { kind: "wrong-unit" },
  { kind: "garbage" },
  { kind: "truncated" },
  { kind: "bad-crc" },
  { kind: "noisy" },
  { kind: "exception", code: 2 },
] as const) {
  const name = "untilMs" in fault ? `late until ${fault.untilMs} ms` : fault.kind;
  test.serial(
    `a device on a serial line that is ${name}: no wrong value is good, and its neighbour goes on`,
    async (t) => {
      t.timeout(90_000);
      const { line, got, begun } = await rig(t);
      await until("good readings", 10_000, () => {
        return ["a.x", "b.x"].every((p) =>
          got.some(({ point, quality }) => point === p && quality === "good"),
        );
      });
      line.setFault(1, fault);
      const faulted = Date.now();
      await sleep(4000);
      line.setFault(1, null);
      const ended = Date.now();
      await until("recovery", 60_000, () => {
        return got.some(
          ({ point, at, quality }) => point === "a.x" && at > ended && quality === "good",
        );
      });
      const staleMs = fault.kind === "late" ? STALE_MS : LONG_STALE_MS;
      t.deepEqual(got.filter(isLie(begun, staleMs)), []);
      const during = got.filter(({ at }) => at > faulted + 500 && at < ended);
      const neighbour = during.filter(({ point }) => point === "b.x");
      t.true(neighbour.filter(({ quality }) => quality === "good").length >= 4);
      const faulty = new Set(
        during.filter(({ point }) => point === "a.x").map(({ quality }) => quality),
      );
      t.deepEqual(
        [...faulty].filter((quality) => !EXPECTED[fault.kind]?.includes(quality)),
        [],
      );
      t.true(faulty.size > 0);
    },
  );
}

/** What a reading of a device with each fault may be. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  dead: ["bad:timeout"],
  late: ["good", "bad:timeout"],
  "wrong-unit": ["bad:timeout"],
  garbage: ["bad:timeout", "bad:crc", "bad:malformed"],
  truncated: ["bad:timeout", "bad:crc"],
  "bad-crc": ["bad:crc"],
  noisy: ["good"],
  exception: ["bad:exception:2"],
};

function isLie(start: number, staleMs: number) {
  return ({ value, quality, at }: { value: unknown; quality: string; at: number }) => {
    if (quality !== "good") return value !== null;
    const oldest = truthAt(start, at - staleMs);
    return typeof value !== "number" || value < oldest || value > truthAt(start, at);
  };
}

async function rig(t: ExecutionContext) {
  const begun = Date.now();
  const signal = {
    area: "holding",
    address: 0,
    type: "uint16",
    valueAt: (at: number) => truthAt(begun, at),
  } as const;
  const points = "points: { x: { area: holding, address: 0, type: uint16 } }";
  const { plant, start, receive } = await fieldRig(t, {
    plant: () =>
      openModbusLine({
        baud: 19_200,
        devices: [modbusDevice(1, [signal]), modbusDevice(5, [signal])],
        clock: () => Date.now(),
      }),
    broker: openBroker,
    yaml: ({
      path,
    }) => `buses: { line: { kind: modbus-rtu, port: ${path}, baud: 19200, format: 8N1 } }
devices:
  a: { bus: line, unit: 1, every: 500ms, ${points} }
  b: { bus: line, unit: 5, every: 500ms, ${points} }`,
    commit: "100ms",
  });
  const got = collect(await receive());
  return { line: plant, got, gateway: await start(), begun };
}
