import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { referencePage } from "../../config/reference.ts";
import { outputPage, outputSchemas } from "../../edge/cli/json/page.ts";
import { asyncApi, contractSchema } from "../../edge/forward/contract/documents.ts";
import { commissioningSchema } from "../../edge/papers/commissioning.ts";
import { controlSchema } from "./control-schema.ts";

/**
 * Writes anew what is made from the code: the reference of the configuration, the contract, the
 * record of a hand-over, the calls of the control socket, what commands print for programs, and the
 * manual page.
 */
const ROOT = join(import.meta.dirname, "..", "..");
const manual = (lang: string) =>
  execFileSync(process.execPath, [join(ROOT, "edge/main.ts"), "man", "--lang", lang], {
    encoding: "utf8",
  });
const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`;

for (const [name, text] of [
  ["config/REFERENCE.md", referencePage()],
  ["edge/forward/contract/contract-v1.schema.json", json(contractSchema())],
  ["edge/forward/contract/asyncapi.json", json(asyncApi())],
  ["edge/papers/commissioning-v1.schema.json", json(commissioningSchema())],
  ["edge/cli/JSON.md", outputPage()],
  ["edge/cli/json/outputs.schema.json", json(outputSchemas())],
  ["edge/cli/man/lifeline.1", manual("en")],
  ["edge/cli/man/zh_CN/lifeline.1", manual("zh-CN")],
  ["edge/control/control-v1.schema.json", json(controlSchema())],
] as const) {
  writeFileSync(join(ROOT, name), text);
  console.log(`written: ${name}`);
}
