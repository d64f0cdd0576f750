import process from "node:process";
import { installLine, missingPackages } from "../debian/packages.ts";
import { compiled } from "../processes/compiled.ts";
import { printDead } from "./bus-dead.ts";
import { type Programs, printRates } from "./bus-rate.ts";

/** Compiles the C programs of the bench. Throws, saying what to install, where that cannot be. */
export function busPrograms(): Programs {
  const missing = missingPackages(["gcc", "libc6-dev", "libmodbus-dev"]);
  if (missing.length > 0) throw new Error(`needs more Debian packages: ${installLine(missing)}`);
  return {
    line: compiled(new URL("paced-line.c", import.meta.url)),
    libmodbus: compiled(new URL("bus-client.c", import.meta.url), "modbus"),
  };
}

/**
 * `npm run bench -- bus`: reads at real pace on a pty, by the gateway's driver, bare modbus-serial
 * and libmodbus; and what dead devices cost the others. Needs a C compiler and libmodbus.
 */
export async function printBus(quick: boolean): Promise<void> {
  const programs = busPrograms();
  await printRates(programs, quick ? 1 : 5);
  process.stdout.write("\n");
  await printDead(programs.line, quick ? 20 : 60);
}
