/**
 * `npm run bad-line -- --bytes 10000000 --outages 20 --speed 60 --seed S`: a file over TLS and a line
 * of 20 kbit/s that is cut now and then and gone twenty times, hurried; the process that fetches it is
 * killed half way. Exits 1 where it is not whole, took more of the line than it may, or lost a part.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { Random } from "../sim/random.ts";
import { tryBadLine } from "./trial.ts";

const { values } = parseArgs({
  options: {
    bytes: { type: "string", default: "10000000" },
    outages: { type: "string", default: "20" },
    speed: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
  },
});
const started = performance.now();
const result = await tryBadLine({
  payloadBytes: Number(values.bytes),
  outages: Number(values.outages),
  speed: Number(values.speed),
  patienceMs: 1_800_000,
  random: new Random(Number(values.seed)),
});
const seconds = Math.round((performance.now() - started) / 1_000);
const told = { seed: Number(values.seed), speed: Number(values.speed), seconds, ...result };
process.stdout.write(`${JSON.stringify(told, null, 1)}\n`);
const { isWhole, wireBytes, wireBytesMax, reused } = result;
const isWell = isWhole && wireBytes <= wireBytesMax && reused >= 0.99;
const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
process.stdout.write(
  `${isWell ? "arrived" : "WRONG"}: ${mb(Number(values.bytes))} MB by ${mb(wireBytes)} MB on the wire, ` +
    `${values.outages} outages, ${Math.round(reused * 100)} % used again after the kill\n`,
);
process.exitCode = isWell ? 0 : 1;
