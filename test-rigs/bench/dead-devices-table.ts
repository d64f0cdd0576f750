import process from "node:process";
import { type DeadLine, watchLine } from "./dead-devices.ts";

/** `npm run bench -- dead-devices`: what broken devices cost the others on a line, as a table. */
const LINE = { devices: 30, baud: 9600, registers: 10, ms: 600_000 };

const LINES: readonly Pick<DeadLine, "dead" | "everyMs">[] = [
  { dead: 0, everyMs: 2000 },
  { dead: 1, everyMs: 2000 },
  { dead: 10, everyMs: 2000 },
  { dead: 20, everyMs: 2000 },
  { dead: 10, everyMs: 5000 },
  { dead: 10, everyMs: 1000 },
];

const say = (line: string) => process.stdout.write(`${line}\n`);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Prints the table: ten simulated minutes a line, from the first request on. */
export async function printDeadDevices(): Promise<void> {
  say("30 devices, 10 registers each, 9600 baud, ten minutes in virtual time.");
  say("");
  say("| dead | period | worst mean | 99 % | longest | time lost | longest unasked |");
  say("|---|---|---|---|---|---|---|");
  for (const { dead, everyMs } of LINES) {
    const figures = await watchLine({ ...LINE, dead, everyMs });
    const { worstMean, p99, longest, deadShare, longestUnasked } = figures;
    const shares = [worstMean, p99, longest, deadShare].map(percent).join(" | ");
    say(`| ${dead} | ${everyMs / 1000} s | ${shares} | ${(longestUnasked / 1000).toFixed(1)} s |`);
  }
  say("");
  say("Times between two good readings of healthy devices, as shares of the period.");
}
