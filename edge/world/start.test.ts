import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { begin } from "./start.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** What the start of `lifeline` tells, and how many modules it counted. */
async function timed(...args: readonly string[]) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...args]);
  const modules = Number(/^timing: node \d+ ms,.* done \d+ ms, modules (\d+)$/m.exec(stderr)?.[1]);
  return { stdout, modules };
}

test("the start is told when that is asked for, and it loads what help takes and no more", async (t) => {
  const { stdout, modules } = await timed("--version", "--timing");
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
  t.true(modules > 10 && modules <= 70, `${modules} modules; a command is to load its own`);
});

test("without being asked nothing is told, and arguments stay as they are", (t) => {
  t.deepEqual(begin(["status", "--json"]), { args: ["status", "--json"], timing: null });
});

const YOUNG_OF_A_THREAD = `
  import { Worker } from "node:worker_threads";
  import { begin } from ${JSON.stringify(new URL("./start.ts", import.meta.url).href)};
  begin([]);
  const work = \`
    import { getHeapSpaceStatistics } from "node:v8";
    import { parentPort } from "node:worker_threads";
    const kept = [];
    for (let n = 0; n < 300_000; n++) kept[n % 20_000] = { n };
    const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
    parentPort.postMessage(young.space_size);\`;
  new Worker(work, { eval: true, resourceLimits: { maxYoungGenerationSizeMb: 3 } })
    .on("message", (bytes) => console.log(bytes));
`;

test("a thread makes garbage in the room that it is limited to, not in the main thread's", async (t) => {
  const flags = ["--max-semi-space-size=4", "--input-type=module", "--eval", YOUNG_OF_A_THREAD];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const bytes = Number(stdout);
  t.true(bytes > 0 && bytes < 4_000_000, `${bytes} bytes; twice 4 MB are the main thread's`);
});
