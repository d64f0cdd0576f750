import test from "ava";
import { loadConfig } from "./load.ts";

function load(devices: string, buffer = "commit: 5s") {
  const text = `gateway: { id: gw }
buses: { a: { kind: modbus-tcp, host: h } }
devices:
${devices}
destinations: { centre: { kind: mqtt, url: "mqtts://h" } }
buffer: { ${buffer} }
`;
  const outside = { readFile: () => "", env: () => undefined };
  const { config, problems } = loadConfig(text, { ...outside, profiles: new Map() });
  return {
    commits: Object.fromEntries(config?.buffer.commitMsOf ?? []),
    warnings: problems.map(({ path, code }) => `${path} ${code}`),
  };
}

const at = (n: number, more = "") => `{ number: ${40_001 + n}, type: int16${more} }`;

test("a point's own commit comes before its device's, and that before the buffer's", (t) => {
  const { commits } = load(`  x: { bus: a, unit: 1, commit: 2s, points: {
    own: ${at(0, ", commit: 1s")}, usual: ${at(1)}, buffers: ${at(2, ", commit: 5s")} } }
  y: { bus: a, unit: 2, points: { none: ${at(0)} } }`);
  t.deepEqual(commits, { "x.own": 1000, "x.usual": 2000 });
});

test("a device's commit holds for what is derived from others too, also without a bus", (t) => {
  const { commits } = load(`  x: { bus: a, unit: 1, points: { p: ${at(0)}, q: ${at(1)} } }
  both: { commit: 1s, points: { most: { derive: { kind: max, of: [x.p, x.q] } } } }`);
  t.deepEqual(commits, { "both.most": 1000 });
});

test("more than two flushes a second are remarked once, where they are asked for", (t) => {
  const { warnings } = load(`  x: { bus: a, unit: 1, every: 100ms, commit: 100ms, points: {
    p: ${at(0)}, q: ${at(1)}, r: ${at(2, ", commit: 499ms")}, s: ${at(3, ", commit: 500ms")} } }`);
  t.deepEqual(warnings, [
    "devices.x.commit commit-often",
    "devices.x.points.r.commit commit-often",
  ]);
});

test("where no readings come so often there are no commits so often, and no remark", (t) => {
  const { warnings } = load(`  x: { bus: a, unit: 1, every: 5s, commit: 50ms, points: {
    p: ${at(0)} } }`);
  t.deepEqual(warnings, []);
});

test("the buffer's own commit is remarked likewise", (t) => {
  const devices = `  x: { bus: a, unit: 1, every: 100ms, points: { p: ${at(0)} } }`;
  t.deepEqual(load(devices, "commit: 100ms").warnings, ["buffer.commit commit-often"]);
});
