import { performance } from "node:perf_hooks";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { isReadyWith } from "../debian/install.ts";
import { tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import { bootAll } from "./boot-all.ts";

const { operands } = asked({
  name: "npm run boots",
  about: `A batch of COUNT gateways (100), an image for each, read back (its own
configuration and claim, and nothing of another's) and taken by its box, the codes
of the labels read, and all of them enrolled while the server is killed in the
middle. Exits 1 where a card or a label is wrong, an identity is missing or double,
or the enrolments took more than a minute.`,
  options: {},
  operands: { value: "COUNT", least: 0, most: 1 },
});
const count = Number(operands[0] ?? 100);
if (!(Number.isInteger(count) && count > 0 && count <= 1_000)) {
  console.error(`npm run boots: COUNT is a whole number from 1 to 1000, not ${operands[0]}`);
  process.exit(2);
}
if (!isReadyWith(["mtools", "dosfstools", "fdisk", "poppler-utils"])) process.exit(2);
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
