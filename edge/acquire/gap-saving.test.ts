import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { type GapSaving, gapSavings } from "./gap-saving.ts";

const LINE = {
  kind: "modbus-rtu",
  name: "line",
  turnaroundMs: 5,
  silenceMs: null,
  serial: { baud: 9600, format: "8N1" },
} as const;

/** What is said of a device with an integer at each of `addresses`. */
function savings(addresses: readonly number[], more = ""): readonly GapSaving[] {
  const points = addresses.map((at) => `p${at}: { area: holding, address: ${at}, type: int16 }`);
  const { config } = loadConfig(
    `gateway: { id: gw }
buses: { line: { kind: modbus-rtu, port: /dev/line } }
devices: { a: { bus: line, unit: 1${more}, points: { ${points.join(", ")} } } }`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error("the configuration cannot be used");
  return gapSavings(config, LINE);
}

test("the least gap is told that saves as many requests as any", (t) => {
  t.deepEqual(savings([0, 3, 5, 6]), [{ device: "a", maxGap: 2, saved: 2, requests: 3 }]);
  t.deepEqual(savings([0, 9]), [{ device: "a", maxGap: 8, saved: 1, requests: 2 }]);
});

test("a gap that takes longer to read than to ask again saves nothing", (t) => {
  t.deepEqual(savings([0, 100]), []);
  t.deepEqual(savings([0, 3, 103]), [{ device: "a", maxGap: 2, saved: 1, requests: 3 }]);
});

test("nothing is said where there is no gap, or where maxGap is said", (t) => {
  t.deepEqual(savings([0, 1, 2]), []);
  t.deepEqual(savings([0, 3], ", maxGap: 0"), []);
});
