import { performance } from "node:perf_hooks";
import process from "node:process";
import { isReadyWith } from "../debian/install.ts";
import { tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import { bootAll } from "./boot-all.ts";

/**
 * `npm run boots [-- COUNT]`: a batch of a hundred gateways, an image for each, read back (its own
 * configuration and claim, and nothing of another's) and taken by its box, the codes of the labels read, and
 * all of them enrolled while the server is killed in the middle. Fails where a card or a label is wrong, an
 * identity is missing or double, or the enrolments took more than a minute.
 */
if (!isReadyWith(["mtools", "dosfstools", "fdisk", "poppler-utils"])) process.exit(2);
const count = Number(process.argv[2] ?? 100);
const WITHIN_MS = 60_000;
const from = performance.now();
const told = await bootAll(
  { dir: tempDir("boots"), count, port: await freePort(), yaml: "" },
  (line) => console.log(line),
);
console.log(`${count} boxes, ${Math.round(performance.now() - from)} ms in all`);
for (const wrong of told.disorder) console.log(`WRONG: ${wrong}`);
const isRight = told.disorder.length === 0 && told.enrolMs <= WITHIN_MS;
console.log(
  isRight
    ? `right: ${count} cards, labels and identities, each its own; enrolled in ${told.enrolMs} ms`
    : `NOT right: see above; enrolled in ${told.enrolMs} ms, ${WITHIN_MS} at the most`,
);
process.exit(isRight ? 0 : 1);
