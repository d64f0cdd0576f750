import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildImage } from "./build.ts";
import { archivesIn } from "./built-release.ts";
import { DEBIAN } from "./packages.ts";
import { buildTwice } from "./twice.ts";

const USAGE = `npm run image -- (--release DIR [--channel NAME] | --application FILE --runtime FILE)
  [--anchor root.json] [--rauc-keyring FILE] [--out DIR] [--cache DIR] [--suite NAME] [--kernel-suite NAME] [--mirror URL] [--epoch SECONDS]
  [--twice [--anew]]

Builds the image of a card for Raspberry Pi 4 and 5 from a release: the folder
that "npm run release" filled, or its two archives. With --twice it is built a
second time, and every byte compared; with --anew from Debian's packages on.
See ota/image/README.md.`;

const OPTIONS = {
  release: { type: "string" },
  channel: { type: "string", default: "stable" },
  application: { type: "string" },
  runtime: { type: "string" },
  anchor: { type: "string" },
  "rauc-keyring": { type: "string" },
  out: { type: "string", default: "image" },
  cache: { type: "string" },
  suite: { type: "string", default: DEBIAN.suite },
  "kernel-suite": { type: "string" },
  mirror: { type: "string", default: DEBIAN.mirror },
  epoch: { type: "string" },
  twice: { type: "boolean", default: false },
  anew: { type: "boolean", default: false },
} as const;

const GUARD = join(import.meta.dirname, "../install/boot-guard");

function asked() {
  const { values } = parseArgs({ options: OPTIONS });
  const { release, channel, anchor, suite, mirror, epoch } = values;
  const { application, runtime } = release === undefined ? values : archivesIn(release, channel);
  if (application === undefined || runtime === undefined)
    throw new Error("--release, or --application and --runtime are needed");
  const usual = suite === DEBIAN.suite ? DEBIAN.kernelSuite : suite;
  const seconds = epoch === undefined ? null : Number(epoch);
  if (seconds !== null && !(Number.isSafeInteger(seconds) && seconds > 0)) {
    throw new Error("--epoch takes Unix seconds");
  }
  return {
    ...{ isTwice: values.twice, isAnew: values.anew },
    debian: { suite, kernelSuite: values["kernel-suite"] ?? usual, mirror },
    epoch: seconds,
    factory: {
      application: resolve(application),
      runtime: resolve(runtime),
      anchor: anchor === undefined ? null : resolve(anchor),
      guard: existsSync(GUARD) ? GUARD : null,
    },
    keyring: values["rauc-keyring"] === undefined ? null : resolve(values["rauc-keyring"]),
    out: resolve(values.out),
    cache: resolve(values.cache ?? join(values.out, "cache")),
  };
}

try {
  const tell = (step: string) => process.stdout.write(`${step} …\n`);
  const { isTwice, isAnew, ...parts } = asked();
  if (isTwice) process.exitCode = buildTwice({ ...parts, tell }, isAnew) ? 0 : 1;
  else process.stdout.write(`${buildImage({ ...parts, tell })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
  process.exitCode = 1;
}
