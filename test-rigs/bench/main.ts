import { cpus, loadavg } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { printBuffer } from "./buffer.ts";
import { printDrain } from "./buffer-drain.ts";
import { printBus } from "./bus.ts";
import { printDeadDevices } from "./dead-devices-table.ts";
import { printInterlock } from "./interlock.ts";
import { DEFAULT_OUT, printReport, SECTION_NAMES } from "./report/report.ts";
import { printWire } from "./wire.ts";

/**
 * `npm run bench`: everything below but for `interlock`, beside Node-RED, bare libraries and C, and
 * how costs grow; one report with pictures, into `--out DIR` (a temporary one else). `--runs N` (3);
 * `--quick` takes about eight minutes, the whole about an hour; `--only steady,latency` leaves out
 * the rest. Ends with 1 where a bar is missed. Needs Debian's mosquitto; gcc, libmodbus-dev and
 * libmosquitto-dev for the floor in C; the npm registry for Node-RED, once; root to count what
 * reaches a disk.
 * `npm run bench -- gateway`: of that the steady load, the greatest throughput and alarms alone.
 * `npm run bench -- bus`: how well a serial line is used, beside other clients, and what broken
 * devices cost the others on it, both on a real port at the pace of the line.
 * `npm run bench -- dead-devices`: the latter over ten minutes, in virtual time.
 * `npm run bench -- interlock`: from the answer that shows a condition to the write of an interlock.
 * `npm run bench -- drain`: how fast a backlog is delivered; `--full-day` a whole day's.
 * `npm run bench buffer`, as root: what the buffer writes to a card; with `--json` for programs.
 * `npm run bench wire`: what a reading takes on the wire in each format and how many go a second,
 * and what a sign of life takes.
 * With `--quick` shorter.
 */
const BENCHES: Readonly<Record<string, (quick: boolean) => Promise<void>>> = {
  bus: printBus,
  "dead-devices": printDeadDevices,
  interlock: printInterlock,
  drain: printDrain,
  buffer: printBuffer,
  wire: printWire,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    "full-day": { type: "boolean", default: false },
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    out: { type: "string", default: DEFAULT_OUT },
  },
});
const [name = "report"] = positionals;
const isReport = name === "report" || name === "gateway";
if (positionals.length > 1 || !(isReport || name in BENCHES)) {
  const names = ["report", "gateway", ...Object.keys(BENCHES)].join(", ");
  refuse(`There is no bench "${positionals.join(" ")}": ${names}`);
}
if (isReport) process.exit((await report()) ? 0 : 1);
const load = () => (loadavg()[0] as number).toFixed(1);
const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`;
const say = values.json ? process.stderr : process.stdout;
say.write(`Machine: ${machine}, load ${load()} before\n\n`);
await BENCHES[name]?.(values.quick);
say.write(`\nLoad ${load()} afterwards.\n`);
process.exit(0);

async function report(): Promise<boolean> {
  const parts = name === "gateway" ? ["steady", "most", "latency"] : SECTION_NAMES;
  const only = values.only?.split(",") ?? parts;
  const unknown = only.filter((part) => !SECTION_NAMES.includes(part));
  const runs = Number(values.runs);
  if (unknown.length > 0) {
    refuse(`There is no part "${unknown.join(", ")}" of the report: ${SECTION_NAMES.join(", ")}`);
  }
  if (!Number.isInteger(runs) || runs < 1) refuse("--runs takes a whole number, 1 or more");
  return await printReport({ isQuick: values.quick, runs, only, out: values.out });
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
