import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { Random } from "../sim/random.ts";
import { tryBadLine } from "./trial.ts";

const { values } = asked({
  name: "npm run bad-line",
  about: `A file over TLS and a line of 20 kbit/s that is cut now and then and gone twenty
times, hurried; the process that fetches it is killed half way. Exits 1 where it
is not whole, took more of the line than it may, or lost a part.`,
  options: {
    bytes: { kind: "whole", least: 100_000, usual: 10_000_000, says: "how long the file is" },
    outages: { kind: "whole", least: 0, usual: 20, says: "how often the line is gone" },
    speed: { kind: "number", least: 1, usual: 60, says: "how much faster time goes" },
    seed: { kind: "whole", least: 0, says: "by which the outages are drawn" },
  },
});
const { bytes, outages, speed, seed = Date.now() % 2 ** 32 } = values;
const started = performance.now();
const result = await tryBadLine({
  payloadBytes: bytes,
  outages,
  speed,
  patienceMs: 1_800_000,
  random: new Random(seed),
});
const seconds = Math.round((performance.now() - started) / 1_000);
const told = { seed, speed, seconds, ...result };
process.stdout.write(`${JSON.stringify(told, null, 1)}\n`);
const { isWhole, wireBytes, wireBytesMax, reused } = result;
const isWell = isWhole && wireBytes <= wireBytesMax && reused >= 0.99;
const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
process.stdout.write(
  `${isWell ? "arrived" : "WRONG"}: ${mb(bytes)} MB by ${mb(wireBytes)} MB on the wire, ` +
    `${outages} outages, ${Math.round(reused * 100)} % of what had come used again after a kill\n`,
);
process.exitCode = isWell ? 0 : 1;
