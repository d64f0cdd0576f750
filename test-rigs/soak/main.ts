import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { plotOf } from "./plot.ts";
import { realHour } from "./real-hour.ts";
import { trendOf } from "./slope.ts";
import { virtualWeek } from "./virtual-week.ts";

const { values, operands } = asked({
  name: "npm run soak",
  about: `Whether a gateway takes more and more of anything: a simulated one in virtual time, or
a real one. Prints the trend of each quantity with its noise, and draws them into
soak-virtual.svg or soak-real.svg. Exits 1 where one grows.`,
  options: {
    days: { kind: "number", least: 0.01, usual: 7, says: "how long it is in virtual time" },
    minutes: { kind: "number", least: 0.1, usual: 60, says: "how long it is in real time" },
    looks: { kind: "whole", least: 2, usual: 84, says: "how often the virtual one is looked at" },
    out: { kind: "text", value: "DIR", usual: ".", says: "where it is drawn" },
  },
  operands: { value: "KIND", least: 1, most: 1, of: ["virtual", "real"] },
});
const [kind] = operands;
const { days, minutes } = values;
const say = (line: string) => process.stdout.write(`${line}\n`);
const isVirtual = kind === "virtual";
const length = isVirtual ? `${days} virtual days` : `${minutes} minutes`;
const courses = await (isVirtual ? virtualWeek(days, values.looks) : realHour(minutes));
const judged = courses.map((course) => [course, trendOf(course)] as const);
say(`${length}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
for (const [{ name, unit, values, tolerance }, { growth, noise, isFlat }] of judged) {
  const trend = `${growth >= 0 ? "+" : ""}${growth.toFixed(2)}, noise ±${noise.toFixed(2)}`;
  const bound = `tolerance ${tolerance}`;
  const last = values.at(-1)?.toFixed(1);
  say(`${isFlat ? "flat " : "GROWS"} ${name}: ${trend}, ${bound}; at last ${last} ${unit}`);
}
mkdirSync(values.out, { recursive: true });
const file = join(values.out, `soak-${kind}.svg`);
writeFileSync(file, plotOf(`Lifeline Edge, ${length}`, judged));
say(`drawn into ${file}`);
const growing = judged.filter(([, { isFlat }]) => !isFlat).map(([{ name }]) => name);
say(`${length}: ${growing.length === 0 ? "nothing grows" : `${growing.join(", ")} GROWS`}`);
process.exit(growing.length === 0 ? 0 : 1);
