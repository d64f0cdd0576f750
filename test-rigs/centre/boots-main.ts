import { performance } from "node:perf_hooks";
import process from "node:process";
import { tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import { bootAll } from "./boot-all.ts";

/**
 * `npm run boots [-- COUNT]`: a batch of a hundred gateways, an image for each, read back and taken by
 * its box, and all of them enrolled while the server is killed in the middle. Fails where an identity is
 * missing or double, or the enrolments took more than a minute.
 */
const count = Number(process.argv[2] ?? 100);
const WITHIN_MS = 60_000;
const from = performance.now();
const told = await bootAll(
  { dir: tempDir("boots"), count, port: await freePort(), yaml: "" },
  (line) => console.log(line),
);
console.log(`${count} boxes, ${Math.round(performance.now() - from)} ms in all`);
for (const wrong of told.disorder) console.log(`WRONG: ${wrong}`);
process.exit(told.disorder.length === 0 && told.enrolMs <= WITHIN_MS ? 0 : 1);
