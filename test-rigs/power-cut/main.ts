import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { installLine, missingPackages } from "../debian/packages.ts";
import { CutDisk } from "./each-step.ts";
import { GATEWAY_FLOWS } from "./gateway/flows.ts";
import { identityFlows } from "./gateway/identity-flows.ts";
import { SEAL_FLOWS } from "./gateway/seal-flows.ts";
import { cutPower, didHarm, type Flaw, textOf } from "./power-cuts.ts";
import { earlyStarts, updateFlows } from "./updates/flows.ts";
import { DISK_PACKAGES, whyNoDisk } from "./volatile-disk.ts";

const { values } = asked({
  name: "npm run power-cuts",
  about: `Power cuts, as root, on a disk whose buffer is being written, and as many at most for
each flaw that they must find. Exits 1 where anything was lost, or a flaw was not
found, and 2 where there can be no such disk.`,
  options: {
    cuts: { kind: "whole", least: 1, usual: 200, says: "how many" },
    seed: { kind: "whole", least: 0, says: "by which the moments are drawn" },
    updates: {
      kind: "flag",
      says: "at every step of updates, of the configuration and of the identity instead, and then at as many of the same without flushes",
    },
  },
});
const { cuts, seed = Date.now() % 2 ** 32 } = values;
/** What is not flushed does at least so much harm, or the cuts would not find it. */
const HARM = 5;
const IN_A_ROW = 30;
const say = (line: string) => process.stdout.write(`${line}\n`);

const missing = missingPackages(DISK_PACKAGES);
const whyNot = whyNoDisk() ?? (missing.length > 0 ? installLine(missing) : null);
if (whyNot !== null) {
  process.stderr.write(`there can be no power cuts here: ${whyNot}\n`);
  process.exit(2);
}

say(`seed ${seed}`);
if (values.updates) await cutSteps();
else await cutWriting();

async function cutWriting(): Promise<void> {
  const FLAWS = ["none", "synchronous=OFF", "no flush", "barrier=0"] as const;
  let verdict = "";
  for (const flaw of FLAWS satisfies readonly Flaw[]) {
    const started = performance.now();
    const tally = await cutPower(cuts, seed, flaw);
    const isAsItMust = didHarm(tally) === (flaw !== "none");
    say(`${flaw === "none" ? "as it is" : flaw}: ${textOf(tally)}`);
    say(`  in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    for (const fault of tally.faults) say(`  ${fault}`);
    if (flaw === "none") verdict = textOf(tally);
    if (!isAsItMust) {
      say(
        flaw === "none"
          ? "  WRONG: nothing may be lost"
          : "  WRONG: the cuts did not find this flaw",
      );
      process.exitCode = 1;
    }
  }
  say(verdict);
}

async function cutSteps(): Promise<void> {
  await using disk = await CutDisk.start();
  const verdict: string[] = [];
  const identity = identityFlows();
  const flows = [...updateFlows(), ...GATEWAY_FLOWS, ...SEAL_FLOWS, ...identity.flows];
  for (const isFlushed of [true, false]) {
    say(isFlushed ? "as it is" : "without flushes");
    let [all, broken] = [0, 0];
    for (const flow of flows) {
      const tally = await disk.cut(flow, { seed, isFlushed, ...(isFlushed ? {} : { most: 12 }) });
      const { name, steps } = tally;
      say(`  ${name}: ${steps} steps, ${tally.cuts} cuts, ${tally.broken} broken`);
      for (const fault of isFlushed ? tally.faults : []) say(`    ${fault}`);
      all += tally.cuts;
      broken += tally.broken;
    }
    say(`  ${all} cuts, ${broken} broken`);
    verdict.push(
      isFlushed
        ? `${all} cuts at every step, ${broken} broken`
        : `of ${all} without flushes ${broken}, which shows that it would be seen`,
    );
    if (isFlushed ? broken > 0 : broken < HARM) process.exitCode = 1;
  }
  for (const which of ["candidate", "kept"] as const) {
    const faults = await disk.cutAgain(earlyStarts(which), IN_A_ROW, seed);
    say(`${IN_A_ROW} cuts in a row in early starts of a ${which} release: ${faults.length} broken`);
    for (const fault of faults) say(`  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
  await identity.close();
  say(verdict.join("; "));
}
