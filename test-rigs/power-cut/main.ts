import process from "node:process";
import { parseArgs } from "node:util";
import { installLine, missingPackages } from "../debian/packages.ts";
import { cutPower, didHarm, type Flaw, textOf } from "./power-cuts.ts";
import { DISK_PACKAGES, whyNoDisk } from "./volatile-disk.ts";

/**
 * `npm run power-cuts -- --cuts N [--seed S]`, as root: N power cuts on a disk whose buffer is
 * being written, and as many at most for each flaw that they must find. Exits 1 where anything was
 * lost, or a flaw was not found.
 */
const { values } = parseArgs({
  options: {
    cuts: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
  },
});
const cuts = Number(values.cuts);
const seed = Number(values.seed);
const say = (line: string) => process.stdout.write(`${line}\n`);

const missing = missingPackages(DISK_PACKAGES);
const whyNot = whyNoDisk() ?? (missing.length > 0 ? installLine(missing) : null);
if (whyNot !== null || !(Number.isInteger(cuts) && cuts > 0) || !Number.isInteger(seed)) {
  process.stderr.write(`${whyNot ?? "--cuts and --seed are whole numbers"}\n`);
  process.exit(2);
}

say(`seed ${seed}`);
const FLAWS = ["none", "synchronous=OFF", "no flush", "barrier=0"] as const;
for (const flaw of FLAWS satisfies readonly Flaw[]) {
  const started = performance.now();
  const tally = await cutPower(cuts, seed, flaw);
  const isAsItMust = didHarm(tally) === (flaw !== "none");
  say(`${flaw === "none" ? "as it is" : flaw}: ${textOf(tally)}`);
  say(`  in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  for (const fault of tally.faults) say(`  ${fault}`);
  if (!isAsItMust) {
    say(
      flaw === "none" ? "  WRONG: nothing may be lost" : "  WRONG: the cuts did not find this flaw",
    );
    process.exitCode = 1;
  }
}
