import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A line of a bundle that names the source of the lines behind it. */
const NAMES_SOURCE = /^\/\/ ((?:[\w@.-]+\/)+[\w.-]+\.[cm]?[jt]s)$/;

/** Tells of places in the files of an installed release from which source they were bundled. */
export class BundleSources {
  /** Of each file the source of each line. */
  readonly #files = new Map<string, readonly (string | null)[]>();

  /** The path in the checkout of what stands in line `line`, from 0, of `url`; null where unknown. */
  of(url: string, line: number): string | null {
    if (!url.startsWith("file:")) return null;
    const known = this.#files.get(url);
    const sources = known ?? sourcesIn(readFileSync(fileURLToPath(url), "utf8"));
    if (known === undefined) this.#files.set(url, sources);
    return sources[line] ?? null;
  }
}

/** The source of each line of the bundle `text`; null before the first that is named. */
export function sourcesIn(text: string): readonly (string | null)[] {
  let source: string | null = null;
  return text.split("\n").map((line) => {
    source = NAMES_SOURCE.exec(line)?.[1] ?? source;
    return source;
  });
}
