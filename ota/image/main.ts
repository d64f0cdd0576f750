import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildImage } from "./build.ts";
import { DEBIAN } from "./packages.ts";

const USAGE = `npm run image -- --application FILE --runtime FILE [--anchor root.json] [--out DIR]
  [--cache DIR] [--suite NAME] [--kernel-suite NAME] [--mirror URL] [--epoch SECONDS]

Builds the image of a card for Raspberry Pi 4 and 5 from the archives of a release and of its runtime.
See ota/image/README.md.`;

const OPTIONS = {
  application: { type: "string" },
  runtime: { type: "string" },
  anchor: { type: "string" },
  out: { type: "string", default: "image" },
  cache: { type: "string" },
  suite: { type: "string", default: DEBIAN.suite },
  "kernel-suite": { type: "string" },
  mirror: { type: "string", default: DEBIAN.mirror },
  epoch: { type: "string" },
} as const;

const GUARD = join(import.meta.dirname, "../install/boot-guard");

function asked() {
  const { values } = parseArgs({ options: OPTIONS });
  const { application, runtime, anchor, suite, mirror, epoch } = values;
  if (application === undefined || runtime === undefined)
    throw new Error("--application and --runtime are needed");
  const usual = suite === DEBIAN.suite ? DEBIAN.kernelSuite : suite;
  const seconds = epoch === undefined ? null : Number(epoch);
  if (seconds !== null && !(Number.isSafeInteger(seconds) && seconds > 0)) {
    throw new Error("--epoch takes Unix seconds");
  }
  return {
    debian: { suite, kernelSuite: values["kernel-suite"] ?? usual, mirror },
    epoch: seconds,
    factory: {
      application: resolve(application),
      runtime: resolve(runtime),
      anchor: anchor === undefined ? null : resolve(anchor),
      guard: existsSync(GUARD) ? GUARD : null,
    },
    out: resolve(values.out),
    cache: resolve(values.cache ?? join(values.out, "cache")),
  };
}

try {
  const tell = (step: string) => process.stdout.write(`${step} …\n`);
  process.stdout.write(`${buildImage({ ...asked(), tell })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
  process.exitCode = 1;
}
