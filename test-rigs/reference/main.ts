import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePage } from "../../config/reference.ts";
import { asyncApi, contractSchema } from "../../edge/forward/contract/documents.ts";
import { commissioningSchema } from "../../edge/papers/commissioning.ts";
import { controlSchema } from "./control-schema.ts";

/**
 * Writes anew what is made from the code: the reference of the configuration, the contract, the
 * record of a hand-over, and the calls of the control socket.
 */
const ROOT = join(import.meta.dirname, "..", "..");
const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`;

for (const [name, text] of [
  ["config/REFERENCE.md", referencePage()],
  ["edge/forward/contract/contract-v1.schema.json", json(contractSchema())],
  ["edge/forward/contract/asyncapi.json", json(asyncApi())],
  ["edge/papers/commissioning-v1.schema.json", json(commissioningSchema())],
  ["edge/control/control-v1.schema.json", json(controlSchema())],
] as const) {
  writeFileSync(join(ROOT, name), text);
  console.log(`written: ${name}`);
}
