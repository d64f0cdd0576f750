import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import process from "node:process";
import { type BundleFile, FILE_MAX_BYTES, type Missing } from "../bundle/pack.ts";
import { scrubber } from "../bundle/scrub.ts";
import { messageOf } from "../core/errors.ts";
import { RELEASE } from "../release.ts";
import { bundleFacts } from "../world/bundle-facts.ts";
import { type Ran, runOwn } from "../world/own-command.ts";
import { readablePath } from "../world/sealed-file.ts";

/** How long one command may take, in milliseconds: a scan of a slow card takes its time. */
const PATIENCE_MS = 60_000;

/** What is known of a gateway before it is asked. */
type Known = {
  /** Path of its configuration. */
  readonly config: string;
  readonly bufferDir: string | null;
  readonly buses: readonly string[];
};

/** All that goes into a bundle, its secrets taken out, and what is missing of it. */
export async function gather(
  known: Known,
): Promise<{ readonly files: readonly BundleFile[]; readonly missing: readonly Missing[] }> {
  const files: BundleFile[] = [];
  const missing: Missing[] = [];
  const text = textOf(known.config);
  const scrub = scrubber(text === null ? [] : secretsIn(text, dirname(known.config)));
  // What is said of a file may hold what is in it, such as the value that is wrong.
  const add = ({ note, ...file }: BundleFile) =>
    files.push({
      ...file,
      text: scrub(file.text),
      ...(note !== undefined && { note: scrub(note) }),
    });
  if (text === null) missing.push({ name: "gateway.yaml", why: `${known.config} cannot be read` });
  else add({ name: "gateway.yaml", text });
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  add({ name: "machine.json", text: json(bundleFacts(known.bufferDir)) });
  add({ name: "release.json", text: json({ release: RELEASE, versions: process.versions }) });
  for (const [name, args] of commandsOf(known.buses)) {
    try {
      const ran = await runOwn([...args, "--json", "--lang", "en", "--config", known.config], {
        patienceMs: PATIENCE_MS,
        maxBytes: FILE_MAX_BYTES,
      });
      const why = whyUseless(ran);
      if (why !== null) missing.push({ name, why: scrub(why) });
      else if (!ran.isCut) add({ name, text: ran.stdout, note: noteOf(ran) });
      // What is left of the first line may be half a secret.
      else add({ name, text: ran.stdout.replace(/^.*\n/, ""), note: noteOf(ran), isCut: true });
    } catch (error) {
      missing.push({ name, why: scrub(messageOf(error)) });
    }
  }
  return { files, missing };
}

/** What of itself the program is asked, as somebody would who sits before it. */
function commandsOf(buses: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  return [
    ["check.json", ["check"]],
    ["status.json", ["status"]],
    ["doctor.json", ["doctor"]],
    ["buffer.json", ["buffer"]],
    ["alarms.json", ["alarms"]],
    ["interlocks.json", ["interlock"]],
    ["config.json", ["config"]],
    ["events.jsonl", ["events", "--from", "-14d"]],
    ["log.jsonl", ["log"]],
    ...buses.map(
      (bus) => [`trace-${bus}.jsonl`, ["trace", bus, "--past", "--seconds", "0"]] as const,
    ),
  ];
}

/** Why what a command printed is of no use; null where it is, whatever it says. */
function whyUseless({ code, stdout, stderr, isLate }: Ran): string | null {
  if (isLate) return `it took more than ${PATIENCE_MS} ms`;
  if (code === 2) return "this release has no such command";
  const said = stderr.trim().slice(-500);
  return stdout.trim() === "" && said !== "" ? said : null;
}

function noteOf({ code, stderr }: Ran): string {
  const said = stderr.trim() === "" ? "" : `: ${stderr.trim().slice(-200)}`;
  return `exit code ${code}${said}`;
}

/** What is secret of the configuration `text`: what its references lead to, and private keys. */
export function secretsIn(text: string, folder: string): readonly string[] {
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const references = [...text.matchAll(/\$\{(file|env):([^}]+)\}/g)].flatMap(
    ([, kind, target = ""]) =>
      (kind === "file" ? textOf(absolute(target)) : process.env[target]) ?? [],
  );
  const paths = [...text.matchAll(/[:\s"']((?:\/|\.\/)?[\w./-]+\.(?:key|pem|crt|p8))\b/g)];
  const keys = paths.flatMap(([, path = ""]) => {
    const found = textOf(absolute(path)) ?? "";
    return found.includes("PRIVATE KEY-----") ? found.split("\n").slice(1, -1) : [];
  });
  // A file may hold several lines, of which each may turn up alone.
  const lines = [...references, ...keys].flatMap((each) => [each.trim(), ...each.split(/\r?\n/)]);
  return [...new Set(lines.map((line) => line.trim()))].filter((line) => !/^-----/.test(line));
}

function textOf(path: string): string | null {
  try {
    return readFileSync(readablePath(path), "utf8");
  } catch {
    return null;
  }
}
