import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { type BuildParts, buildImage } from "./build.ts";
import { compareImages, differingFiles } from "./compare.ts";
import { FIELD_SIZES, layoutOf, MIB } from "./layout.ts";

/**
 * Builds an image twice, the second time as another person would: in another folder and with another
 * umask, and where `isAnew` from Debian's packages unpacked and configured again. Tells
 * how they compare, part by part; true where no byte differs.
 */
export function buildTwice(parts: BuildParts, isAnew: boolean): boolean {
  const { out, cache, tell } = parts;
  const from = process.uptime();
  const one = buildImage(parts);
  tell(`the first took ${secondsSince(from)} s; the second`);
  const again = join(out, "twice");
  rmSync(again, { recursive: true, force: true });
  mkdirSync(again);
  const other = asAnother(() => {
    const own = isAnew ? join(again, "cache") : cache;
    return buildImage({ ...parts, out: join(again, "elsewhere"), cache: own });
  });
  const compared = compareImages(layoutOf(FIELD_SIZES), one, other);
  for (const { part, bytes, differsAt } of compared) {
    const size = (bytes / MIB).toFixed(1).padStart(7);
    const how = differsAt === null ? "the same" : `differs from byte ${differsAt} on`;
    process.stdout.write(`${part.padEnd(9)} ${size} MiB  ${how}\n`);
  }
  const isSame = compared.every(({ differsAt }) => differsAt === null);
  if (!isSame) {
    const works = [join(out, "work"), join(again, "elsewhere/work")] as const;
    for (const each of differingFiles(...works)) process.stdout.write(`  ${each}\n`);
  }
  const verdict = isSame ? "byte for byte the same" : "NOT the same";
  process.stdout.write(`${basename(one)}: built twice in ${secondsSince(from)} s, ${verdict}\n`);
  if (isSame) rmSync(again, { recursive: true });
  return isSame;
}

function secondsSince(from: number): number {
  return Math.round(process.uptime() - from);
}

function asAnother<T>(build: () => T): T {
  const mask = process.umask(0o077);
  try {
    return build();
  } finally {
    process.umask(mask);
  }
}
