import { listOf } from "../../ota/release/application.ts";
import type { PackedFile } from "../../ota/release/archive.ts";
import { parseRelease, RELEASE_FILE, textOf } from "../../ota/release/manifest.ts";

/** A release that is to be tried, and what is to come of it. */
export type Variant = {
  /** What is to be said of it. */
  readonly name: string;
  /** What is changed in what was built. */
  readonly change: (files: readonly PackedFile[]) => readonly PackedFile[];
  /** Why it is gone back from; null where it is kept. */
  readonly reason: string | null;
};

/** Where a release notes, in milliseconds, when what is wrong with it shows. */
export const FAULT_FILE = "/var/lib/lifeline/fault";

/** Only the gateway falls ill, not the other commands of the release. */
const ILLNESS = `import { appendFileSync as appendFault } from "node:fs";
const showFault = () => appendFault(${JSON.stringify(FAULT_FILE)}, Date.now() + "\\n");
const fallIll = () => { ILL };
if (process.argv[2] === "run") fallIll();
`;

/** Takes memory that it never gives back. */
const LEAK = `const kept = [];
const take = () => kept.push(Buffer.alloc(4_000_000, 1));
setTimeout(() => { showFault(); setInterval(take, 100); }, 2_000);`;

/** A good release, and what may be wrong with one. */
export const VARIANTS: readonly Variant[] = [
  { name: "good", change: (files) => files, reason: null },
  ill("crashing at once", `showFault(); throw new Error("a bug");`),
  ill("hanging before it is ready", "showFault(); for (;;);", "update.loop-hung"),
  ill(
    "hanging after 4 s",
    "setTimeout(() => { showFault(); for (;;); }, 4_000);",
    "update.loop-hung",
  ),
  ill("doing well, and dying after 8 s", "setTimeout(() => { showFault(); null.dies; }, 8_000);"),
  ill("leaking 40 MB a second", LEAK, "update.memory"),
  {
    name: "refusing the configuration",
    change: (files) =>
      edited(
        files,
        /(healthWindow: \w+)\("10s", "1h"\)(\s*)\.prefault\("2m"\)/,
        '$1("10s", "11s")$2.prefault("10s")',
      ),
    reason: "config.invalid",
  },
  {
    name: "bringing the buffer on wrongly",
    change: (files) => migrating(files, "CREATE TABLE meta (name TEXT)"),
    reason: "update.buffer",
  },
  {
    name: "bringing the buffer on, and dying after 4 s",
    change: (files) =>
      illWith(
        migrating(files, "CREATE TABLE of_later (name TEXT)"),
        "setTimeout(() => { showFault(); null.dies; }, 4_000);",
      ),
    reason: "update.died",
  },
];

/** `files` as release `version`, which is later than what has a lower `counter`. */
export function asRelease(
  files: readonly PackedFile[],
  version: string,
  counter: number,
): readonly PackedFile[] {
  const list = files.find(({ path }) => path === RELEASE_FILE);
  const { files: _, ...head } = parseRelease(Buffer.from(list?.bytes() ?? ""));
  const named = files
    .filter((file) => file !== list)
    .map((file) => (NAMING.has(file.path) ? withText(file, head.version, version) : file));
  const contents = textOf({ ...head, version, counter, files: listOf(named) });
  return [{ path: RELEASE_FILE, mode: "0644", bytes: () => contents }, ...named];
}

/** The files that say which version they are of. */
const NAMING = new Set(["bin/lifeline", "package.json", "app/package.json"]);

function ill(name: string, illness: string, reason = "update.died"): Variant {
  return { name, change: (files) => illWith(files, illness), reason };
}

function illWith(files: readonly PackedFile[], illness: string): readonly PackedFile[] {
  const begin = ILLNESS.replace("ILL", () => illness);
  return files.map((file) => {
    if (file.path !== "app/main.js") return file;
    return withText(file, /^(?=import "|import \{)/m, begin);
  });
}

/** `files` with one more step of the database's. */
function migrating(files: readonly PackedFile[], sql: string): readonly PackedFile[] {
  return edited(files, /(MIGRATIONS = \[[\s\S]*?`)(\n\];)/, `$1,\n${JSON.stringify(sql)}$2`);
}

/** `files` with `what` replaced in the JavaScript. Throws where it is nowhere. */
function edited(files: readonly PackedFile[], what: RegExp, by: string): readonly PackedFile[] {
  const isMeant = ({ path, bytes }: PackedFile) =>
    path.endsWith(".js") && what.test(Buffer.from(bytes()).toString());
  const meant = files.filter(isMeant);
  if (meant.length === 0) throw new Error(`${what} is nowhere in the release`);
  return files.map((file) => (meant.includes(file) ? withText(file, what, by) : file));
}

function withText(file: PackedFile, what: RegExp | string, by: string): PackedFile {
  const text = Buffer.from(Buffer.from(file.bytes()).toString().replace(what, by));
  return { ...file, bytes: () => text };
}
