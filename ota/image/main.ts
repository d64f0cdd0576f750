import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { asked } from "../release/asked.ts";
import { buildImage } from "./build.ts";
import { archivesIn } from "./built-release.ts";
import { DEBIAN } from "./packages.ts";
import { buildTwice } from "./twice.ts";

const { values } = asked({
  name: "npm run image",
  about: `Builds the image of a card for Raspberry Pi 4 and 5 from a release: the folder that
"npm run release" filled (--release), or its two archives (--application and
--runtime). As root. Exits 1 where it cannot be built. See ota/image/README.md.`,
  options: {
    release: { kind: "text", value: "DIR", says: "the folder of a release" },
    channel: { kind: "text", value: "NAME", usual: "stable", says: "which of its channels" },
    application: { kind: "text", value: "FILE", says: "the archive of the program" },
    runtime: { kind: "text", value: "FILE", says: "the archive of Node" },
    anchor: { kind: "text", value: "root.json", says: "by which the gateway trusts updates" },
    "rauc-keyring": { kind: "text", value: "FILE", says: "by which it trusts those of the system" },
    out: { kind: "text", value: "DIR", usual: "image", says: "where it is built" },
    cache: { kind: "text", value: "DIR", says: "where packages are kept (DIR/cache of --out)" },
    suite: { kind: "text", value: "NAME", usual: DEBIAN.suite, says: "of Debian" },
    "kernel-suite": { kind: "text", value: "NAME", says: "of Debian, for the kernel" },
    mirror: { kind: "text", value: "URL", usual: DEBIAN.mirror, says: "of Debian" },
    epoch: { kind: "whole", least: 1, says: "Unix seconds that files are dated to" },
    twice: { kind: "flag", says: "build it a second time and compare every byte" },
    anew: { kind: "flag", says: "that from Debian's packages on" },
  },
});

const GUARD = join(import.meta.dirname, "../install/boot-guard");

function ordered() {
  const { release, channel, anchor, suite, mirror, epoch = null } = values;
  const { application, runtime } = release === undefined ? values : archivesIn(release, channel);
  if (application === undefined || runtime === undefined) return null;
  const usual = suite === DEBIAN.suite ? DEBIAN.kernelSuite : suite;
  return {
    ...{ isTwice: values.twice, isAnew: values.anew },
    debian: { suite, kernelSuite: values["kernel-suite"] ?? usual, mirror },
    epoch,
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
  const order = ordered();
  if (order === null) {
    const needed = "--release, or --application and --runtime are needed; see --help";
    process.stderr.write(`npm run image: ${needed}\n`);
    process.exitCode = 2;
  } else {
    const { isTwice, isAnew, ...parts } = order;
    if (isTwice) process.exitCode = buildTwice({ ...parts, tell }, isAnew) ? 0 : 1;
    else process.stdout.write(`${buildImage({ ...parts, tell })}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
