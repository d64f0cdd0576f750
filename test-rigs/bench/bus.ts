import process from "node:process";
import { installLine, missingPackages } from "../debian/packages.ts";
import { compiled } from "../processes/compiled.ts";
import { printDead } from "./bus-dead.ts";
import { printRates } from "./bus-rate.ts";

/**
 * `npm run bench -- bus`: reads at real pace on a pty, by the gateway's driver, bare modbus-serial
 * and libmodbus; and what dead devices cost the others. Needs a C compiler and libmodbus.
 */
export async function printBus(quick: boolean): Promise<void> {
  const missing = missingPackages(["gcc", "libc6-dev", "libmodbus-dev"]);
  if (missing.length > 0) {
    process.stderr.write(`This bench needs more Debian packages: ${installLine(missing)}\n`);
    process.exit(1);
  }
  const line = compiled(new URL("paced-line.c", import.meta.url));
  const libmodbus = compiled(new URL("bus-client.c", import.meta.url), "modbus");
  await printRates({ line, libmodbus }, quick ? 1 : 5);
  process.stdout.write("\n");
  await printDead(line, quick ? 20 : 60);
}
