import { cpus, loadavg } from "node:os";
import process from "node:process";
import { printBuffer } from "./buffer.ts";
import { printDrain } from "./buffer-drain.ts";
import { printBus } from "./bus.ts";
import { printDeadDevices } from "./dead-devices-table.ts";
import { printGateway } from "./gateway.ts";
import { printInterlock } from "./interlock.ts";
import { printWire } from "./wire.ts";

/**
 * `npm run bench`: the gateway under load against mosquitto, beside the bare libraries.
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
  gateway: printGateway,
  bus: printBus,
  "dead-devices": printDeadDevices,
  interlock: printInterlock,
  drain: printDrain,
  buffer: printBuffer,
  wire: printWire,
};

const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const [name = "gateway"] = names;
const bench = BENCHES[name];
if (bench === undefined || names.length > 1) {
  process.stderr.write(
    `There is no bench "${names.join(" ")}": ${Object.keys(BENCHES).join(", ")}\n`,
  );
  process.exit(2);
}
const load = () => (loadavg()[0] as number).toFixed(1);
const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`;
const say = process.argv.includes("--json") ? process.stderr : process.stdout;
say.write(`Machine: ${machine}, load ${load()} before\n\n`);
await bench(process.argv.includes("--quick"));
say.write(`\nLoad ${load()} afterwards.\n`);
process.exit(0);
