import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Lang } from "../core/errors.ts";
import type { Commissioning } from "../papers/commissioning.ts";
import { fileTrouble } from "./file-trouble.ts";
import { sayReport } from "./report-text.ts";

/** The most photos of one record. */
const PHOTOS_MAX = 200;

/**
 * The photos that `names` names, each once, a folder standing for the files in it; or what is wrong
 * with them.
 */
export function photosOf(
  names: readonly string[],
  lang: Lang,
): Commissioning["photos"] | { readonly mistake: string } {
  const files = new Set<string>();
  for (const name of names) {
    try {
      if (statSync(name).isDirectory()) {
        const within = readdirSync(name, { withFileTypes: true }).filter((each) => each.isFile());
        for (const file of within.map((each) => each.name).toSorted()) files.add(join(name, file));
      } else files.add(name);
    } catch (error) {
      return { mistake: sayReport(lang, "noPhoto", { file: name, why: fileTrouble(error, lang) }) };
    }
  }
  const photos: Commissioning["photos"] = [];
  for (const file of [...files].slice(0, PHOTOS_MAX)) {
    try {
      const bytes = readFileSync(file);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      photos.push({ file: basename(file), bytes: bytes.length, sha256 });
    } catch (error) {
      return { mistake: sayReport(lang, "noPhoto", { file, why: fileTrouble(error, lang) }) };
    }
  }
  return photos;
}
