import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { type Row, tryFault } from "./bench.ts";
import { FAULTS } from "./faults.ts";

const { values } = asked({
  name: "npm run faults",
  about: `Brings about every fault and prints what the doctor finds, as a table in Markdown;
those that need root only as root. Exits 1 where a cause is not named.`,
  options: {
    only: { kind: "text", value: "TEXT", usual: "", says: "those whose names hold TEXT" },
  },
});
const { only } = values;
const say = (line: string) => process.stdout.write(`${line}\n`);

say("| fault | finding | sure | |");
say("| --- | --- | --- | --- |");
const rows: Row[] = [];
const isRoot = process.getuid?.() === 0;
const tried = FAULTS.filter(({ name, needsRoot = false }) => {
  return name.includes(only) && (isRoot || !needsRoot);
});
for (const fault of tried) {
  const row = await tryFault(fault);
  rows.push(row);
  const told = row.isRight ? row.named : row.findings[0];
  const found = told === undefined ? "nothing" : `${told.subject}: ${told.meaning} (${told.code})`;
  say(`| ${fault.name} | ${found} | ${told?.sure ?? ""} | ${row.isRight ? "right" : "WRONG"} |`);
}
const right = rows.filter(({ isRight }) => isRight).length;
say(`\n${right} of ${rows.length} faults named.`);
if (right < rows.length) process.exitCode = 1;
