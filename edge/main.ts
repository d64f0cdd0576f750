#!/usr/bin/env node
import process from "node:process";
import { begin, type Timing } from "./world/start.ts";

// Before all else is loaded: what is loaded before is compiled anew at each start.
const { args, timing } = begin(process.argv.slice(2));
const { main } = await import("./cli/program.ts");
const code = await main(args, timing?.loaded);
if (timing !== null) tell(timing);
// Whatever may still be open must not keep a failed gateway alive: the supervisor starts it anew.
process.exit(code);

/** One line to standard error, the same in every language: it is compared by programs. */
function tell({ told }: Timing): void {
  process.stderr.write(`${told()}\n`);
}
