import { cpus, loadavg } from "node:os";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { printBuffer } from "./buffer.ts";
import { printDrain } from "./buffer-drain.ts";
import { printBus } from "./bus.ts";
import { printDeadDevices } from "./dead-devices-table.ts";
import { printInterlock } from "./interlock.ts";
import { printProfile } from "./profile/profile.ts";
import { DEFAULT_OUT, printReport, SECTION_NAMES } from "./report/report.ts";
import { printWire } from "./wire.ts";

const BENCHES: Readonly<Record<string, (quick: boolean) => Promise<void>>> = {
  bus: printBus,
  "dead-devices": printDeadDevices,
  interlock: printInterlock,
  drain: (isQuick) => printDrain(isQuick, values["full-day"]),
  buffer: (isQuick) => printBuffer(isQuick, values.json),
  wire: printWire,
  profile: (isQuick) => printProfile({ isQuick, out: values.out }),
};

const { values, operands } = asked({
  name: "npm run bench",
  about: `Measures, and says what the machine was.

  report        the gateway beside Node-RED, bare libraries and C, and how its
                costs grow; with pictures; takes about an hour
  gateway       of that the steady load, the greatest throughput and alarms
  bus           how well a serial line is used, beside other clients, and what
                broken devices cost the others, on a port at the line's pace
  dead-devices  the latter over ten minutes, in virtual time
  interlock     from the answer that shows a condition to an interlock's write
  drain         how fast a backlog is delivered
  buffer        what the buffer writes to a card, as root
  wire          what a reading takes on the wire in each format, how many go a
                second, and what a sign of life takes
  profile       where the time of a reading goes, by stage and thread, and what
                memory is made of, at the highest and the steady load

The report needs Debian's mosquitto, gcc, libmodbus-dev and libmosquitto-dev for the
floor in C, the npm registry for Node-RED, once, and root to count what reaches a
disk; it exits 1 where a bar is missed.`,
  options: {
    quick: { kind: "flag", says: "shorter: the report in about eight minutes" },
    runs: { kind: "whole", least: 1, usual: 3, says: "how often the report measures each" },
    only: { kind: "list", value: "PART,…", of: SECTION_NAMES, says: "parts of the report" },
    out: { kind: "text", value: "DIR", usual: DEFAULT_OUT, says: "where the report is written" },
    "full-day": { kind: "flag", says: "drain: a whole day's" },
    json: { kind: "flag", says: "buffer: for programs" },
  },
  operands: {
    ...{ value: "BENCH", least: 0, most: 1 },
    of: ["report", "gateway", ...Object.keys(BENCHES)],
  },
});
const [name = "report"] = operands;
const isReport = name === "report" || name === "gateway";
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
  const { quick: isQuick, runs, out } = values;
  const only = values.only.length > 0 ? values.only : parts;
  return await printReport({ isQuick, runs, only, out });
}
