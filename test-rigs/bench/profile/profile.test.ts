import test from "ava";
import { sourcesIn } from "./bundle-sources.ts";
import { type CpuProfile, sharesIn } from "./cpu-profile.ts";
import { heapOf } from "./heap.ts";
import { pageOf } from "./page.ts";
import { residentIn } from "./resident.ts";
import { type Stage, stageOf } from "./stages.ts";

/** A node of a profile: what it is called, where it is, and what it calls. */
function node(id: number, functionName: string, url = "", children: readonly number[] = []) {
  return { id, callFrame: { functionName, url, lineNumber: 0 }, children };
}

/** Cut out of a profile of the gateway: `url` is the source itself here. */
const PROFILE: CpuProfile = {
  nodes: [
    node(1, "(root)", "", [2, 3, 4, 5, 8, 10]),
    node(2, "(idle)"),
    node(3, "(garbage collector)"),
    node(4, "(program)"),
    node(5, "#exchange", "drivers/modbus/dialogue.ts", [6]),
    node(6, "Socket.write", "node:net", [7]),
    node(7, "writeBuffer"),
    node(8, "publish", "node_modules/mqtt/build/lib/client.js", [9]),
    node(9, "batchText", "edge/core/batch-text.ts"),
    node(10, "onStreamRead", "node:internal/stream_base_commons"),
  ],
  startTime: 1000,
  samples: [7, 2, 3, 7, 9, 10, 8, 4, 5],
  timeDeltas: [100, 100, 100, 100, 100, 100, 100, 100, 5000],
};
const sourceOf = (url: string) => (url === "" || url.startsWith("node:") ? null : url);

test("what Node does counts for the part of the gateway that called it, and rest does not count", (t) => {
  const shares = sharesIn(PROFILE, { from: 0, to: 1800 }, sourceOf);
  t.deepEqual(Object.fromEntries(shares), {
    bus: 2 / 7,
    garbage: 1 / 7,
    message: 1 / 7,
    node: 2 / 7,
    mqtt: 1 / 7,
  });
});

test("what was before or after the span does not count", (t) => {
  const shares = sharesIn(PROFILE, { from: 1250, to: 1350 }, sourceOf);
  t.deepEqual(Object.fromEntries(shares), { garbage: 1 });
});

test("every stage is known by its sources, and what is nobody's by none", (t) => {
  const of: Readonly<Record<string, Stage>> = {
    "drivers/modbus/value.ts": "bus",
    "edge/core/batch.ts": "columns",
    "edge/core/batch-text.ts": "message",
    "edge/alarm/judge.ts": "judging",
    "edge/measure/measure-desk.ts": "judging",
    "buffer/store.ts": "commit",
    "node_modules/mqtt-packet/writeToStream.js": "mqtt",
    "node_modules/yaml/dist/index.js": "gateway",
  };
  for (const [source, stage] of Object.entries(of)) t.is(stageOf(source), stage, source);
  t.is(stageOf("somewhere.ts"), null);
});

test("a bundle says from which source each of its lines is", (t) => {
  const bundle =
    "import a;\n// edge/core/time.ts\ncode\n// a comment/of it.\n// node_modules/mqtt/a.js\n";
  const time = "edge/core/time.ts";
  t.deepEqual(sourcesIn(bundle).slice(0, 5), [null, time, time, time, "node_modules/mqtt/a.js"]);
});

const SMAPS = [
  ["00400000-00500000 r-xp 00000000 fe:00 42                     /opt/node", 900],
  ["01000000-01100000 rw-p 00000000 00:00 0                      [heap]", 500],
  ["7f0000000000-7f0000100000 rw-p 00000000 00:00 0 ", 300],
  ["7f1000001000-7f1000002000 ---p 00000000 00:00 0 ", 0],
  ["7f1000002000-7f1000802000 rw-p 00000000 00:00 0 ", 40],
  ["7f2000040000-7f2000080000 rw-p 00000000 00:00 0 ", 7000],
  ["7f3000001000-7f3000009000 rw-s 00000000 fe:00 7              /var/b/buffer.db-shm", 32],
  ["7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0              [stack]", 60],
]
  .map(([head, kb]) => `${head}\nSize: 4 kB\nRss:        ${kb} kB\nPss: 1 kB\nVmFlags: rd`)
  .join("\n");

test("resident memory is told by what it is of", (t) => {
  t.deepEqual(residentIn(SMAPS), {
    program: 900,
    files: 32,
    malloc: 800,
    stacks: 100,
    anonymous: 7000,
  });
});

test("the heap is what is young, what is live, and what it grows by, over all threads", (t) => {
  const space = (space_name: string, physical: number, used: number) => {
    const sizes = { physical_space_size: physical * 1024, space_used_size: used * 1024 };
    return { space_name, ...sizes };
  };
  const main = [space("new_space", 8, 1), space("old_space", 20, 15), space("code_space", 2, 1)];
  const worker = [space("new_space", 4, 1), space("old_space", 5, 4)];
  t.deepEqual(heapOf([...main, ...worker]), { young: 12, live: 20, growth: 7 });
});

test("the page tells what a reading costs by stage, and the sum of all", (t) => {
  const page = pageOf(
    [
      {
        ...{ offered: 2000, delivered: 1000, bar: 500_000, seconds: 10 },
        times: { main: 20, buffer: 10, helpers: 5, others: 0 },
        shares: { main: new Map([["bus", 1]]), buffer: new Map([["commit", 1]]) },
        resident: residentIn(SMAPS),
        heap: { young: 1024, live: 2048, growth: 1024 },
      },
    ],
    ["Measured today."],
  );
  t.regex(
    page,
    /1,000 points\/s delivered with 0\.35 % of a core: 285,714 points a CPU-second, 3\.50 µs a reading\. The bar is 500,000: 2\.00 µs/,
  );
  t.regex(page, /bus: asking, receiving, decoding +\| +2\.000 \| +0\.000 \| +2\.000 \| +57\.1 %/);
  t.regex(page, /all +\| +2\.000 \| +1\.000 \| +3\.500 \| +100\.0 %/);
  t.regex(page, /^2\.00 µs are the bus: .* 0\.50 µs go into .* 1\.00 µs are what a value takes/m);
  t.regex(page, /other: compiled code, larger pieces of malloc +\| +2\.8 \|/);
});
