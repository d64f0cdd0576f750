import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { plotOf } from "./plot.ts";
import { realHour } from "./real-hour.ts";
import { trendOf } from "./slope.ts";
import { virtualWeek } from "./virtual-week.ts";

/**
 * `npm run soak -- virtual [--days 7]` or `real [--minutes 60]`, with `--out DIR` (here else):
 * whether a gateway takes more and more of anything. Prints the trend of each quantity with its
 * noise, and draws them into `soak-virtual.svg` or `soak-real.svg`. Exits 1 where one grows.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    days: { type: "string", default: "7" },
    minutes: { type: "string", default: "60" },
    /** How often the virtual gateway is looked at in all. */
    looks: { type: "string", default: "84" },
    out: { type: "string", default: "." },
  },
});
const [kind] = positionals;
const [days, minutes] = [Number(values.days), Number(values.minutes)];
if ((kind !== "virtual" && kind !== "real") || !(days > 0) || !(minutes > 0)) {
  process.stderr.write("npm run soak -- virtual [--days N] | real [--minutes N] [--out DIR]\n");
  process.exit(2);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
const isVirtual = kind === "virtual";
const length = isVirtual ? `${days} virtual days` : `${minutes} minutes`;
const courses = await (isVirtual ? virtualWeek(days, Number(values.looks)) : realHour(minutes));
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
