import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Metadata, MetadataKind, type Root } from "@tufjs/models";
import { readIfThere, writeDurably } from "./durable.ts";

/** In which order what is new is written: each file stands on those before it. */
const ORDER = ["root.json", "timestamp.json", "snapshot.json", "targets.json"];

/**
 * A copy of the trusted metadata in which a refresh may write as it likes: only what `commit` takes
 * over is trusted later. Lies in the same file system, in `.stage` of the folder.
 */
export class Stage {
  readonly folder: string;
  readonly #metadataDir: string;
  readonly #before = new Map<string, Buffer>();

  /**
   * Copies what stands in `metadataDir`. Its root metadata gives way to `anchor`, those that came
   * with the program, where it is torn, lost or older. Throws what the system says.
   */
  constructor(metadataDir: string, anchor: Uint8Array) {
    this.#metadataDir = metadataDir;
    this.folder = join(metadataDir, ".stage");
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    for (const name of filesOf(metadataDir)) {
      const bytes = readIfThere(join(metadataDir, name));
      if (bytes === null) continue;
      this.#before.set(name, bytes);
      writeFileSync(join(this.folder, name), bytes);
    }
    const root = chooseRoot(this.#before.get("root.json") ?? null, anchor);
    writeFileSync(join(this.folder, "root.json"), root);
  }

  /** The names of the files that are not what they were. */
  changed(): readonly string[] {
    return filesOf(this.folder).filter((name) => {
      const now = readIfThere(join(this.folder, name));
      return now !== null && this.#before.get(name)?.equals(now) !== true;
    });
  }

  /** Takes over what changed, one file after the other, each on the disk before the next. */
  commit(): void {
    const changed = this.changed();
    const rest = changed.filter((name) => !ORDER.includes(name));
    for (const name of [...ORDER.filter((name) => changed.includes(name)), ...rest]) {
      const bytes = readIfThere(join(this.folder, name)) ?? Buffer.alloc(0);
      writeDurably(join(this.#metadataDir, name), bytes);
      this.#before.set(name, bytes);
    }
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => {
    return name.endsWith(".json") && lstatSync(join(folder, name)).isFile();
  });
}

function chooseRoot(local: Buffer | null, anchor: Uint8Array): Uint8Array {
  const kept = local === null ? null : rootOf(local);
  if (local === null || kept === null) return anchor;
  return (rootOf(anchor)?.version ?? 0) > kept.version ? anchor : local;
}

/** The root metadata in `bytes`; null where they are none that is signed by its own keys. */
function rootOf(bytes: Uint8Array): Root | null {
  try {
    const root = Metadata.fromJSON(
      MetadataKind.Root,
      JSON.parse(Buffer.from(bytes).toString("utf8")),
    );
    root.verifyDelegate(MetadataKind.Root, root);
    return root.signed;
  } catch {
    // Torn: whatever is wrong with it, it is not used.
    return null;
  }
}
