import { busSchema } from "./bus-schema.ts";
import type { Misfit } from "./check-shape.ts";
import { destinationDraft } from "./destination-schema.ts";
import { LIMIT_KEYS } from "./limits-schema.ts";
import type { Path } from "./problems.ts";
import type { DraftInput } from "./schema.ts";
import { configSchema, draftSchema } from "./schema.ts";

/**
 * What can still be checked of a file with misfits: all but the keys that do not fit, and the
 * names of all entries, so that one mistake is reported once and not again by everything that
 * refers to it.
 */
export type Draft = {
  /** Without the keys, points and buses that do not fit. */
  readonly config: DraftInput;
  readonly buses: readonly string[];
  readonly alarms: readonly string[];
  readonly interlocks: readonly string[];
  readonly devices: readonly string[];
  /** Whether `key`, absent from an entry of the draft, is in the file, but wrong or misspelt. */
  mayHave(entry: Path, key: string): boolean;
  /** Whether the section is absent, and not just misspelt, or an empty mapping. */
  isEmpty(section: "devices" | "destinations"): boolean;
  /** The points that stand below the device itself, and whether these are sure to be all. */
  ownPoints(device: string): { readonly names: readonly string[]; readonly sure: boolean };
  /** The device's profile as written, or null. */
  profileOf(device: string): string | null;
};

type Tree = { [key: string]: unknown };

const SECTIONS = Object.keys(configSchema.shape);

/** Device keys that say nothing about which points there are. */
const SIDE_KEYS: ReadonlySet<unknown> = new Set([
  "bus",
  "unit",
  "every",
  ...LIMIT_KEYS,
  "probeEvery",
  "protocol",
  "silentAfter",
]);

/** `pruned` without the sections that lack a key they need, which was told already. */
function draftOf(pruned: Tree): DraftInput {
  const { data, error } = draftSchema.safeParse(pruned);
  if (data !== undefined) return data;
  const lacking = new Set(error.issues.map(({ path }) => path[0]));
  return draftSchema.parse(
    Object.fromEntries(Object.entries(pruned).filter(([key]) => !lacking.has(key))),
  );
}

/** The draft of `root`, a file's content, whose misfits are known. */
export function salvage(root: unknown, misfits: readonly Misfit[]): Draft {
  const whole = treeOf(root);
  const pruned: Tree = structuredClone(
    Object.fromEntries(Object.entries(whole).filter(([key]) => SECTIONS.includes(key))),
  );
  for (const { path } of misfits) remove(pruned, partOf(path));
  removeUnreadable(treeOf(pruned.buses), busSchema);
  removeUnreadable(treeOf(pruned.destinations), destinationDraft);
  const devices = treeOf(whole.devices);
  const misspelt = misfits.some(({ path, unknownKey }) => unknownKey && path.length === 1);
  const unsure = new Set(misfits.filter(hidesPoints).map(({ path }) => path[1]));
  return {
    config: draftOf(pruned),
    buses: Object.keys(treeOf(whole.buses)),
    alarms: Object.keys(treeOf(whole.alarms)),
    interlocks: Object.keys(treeOf(whole.interlocks)),
    devices: Object.keys(devices),
    mayHave: (entry, key) =>
      misfits.some(({ path, unknownKey }) => {
        const isInEntry = path.length > entry.length && entry.every((step, i) => step === path[i]);
        return isInEntry && (path[entry.length] === key || unknownKey);
      }),
    isEmpty: (section) => isEmpty(whole[section]) && !misspelt,
    ownPoints: (device) => ({
      names: Object.keys(treeOf(treeOf(devices[device]).points)),
      sure: !unsure.has(device),
    }),
    profileOf: (device) => {
      const { profile } = treeOf(devices[device]);
      return typeof profile === "string" ? profile : null;
    },
  };
}

/** Whether the misfit is with a device itself and may hide which points it has. */
function hidesPoints({ path, unknownKey }: Misfit): boolean {
  if (path[0] !== "devices" || path.length < 2) return false;
  if (path[2] === "points" && path.length > 3) return false;
  return unknownKey || !SIDE_KEYS.has(path[2]);
}

/** The smallest part around `path` without which the rest is still worth checking. */
function partOf(path: Path): Path {
  const [section] = path;
  if (section === "gateway" || section === "buffer" || section === "control") return [section];
  // Lists are left out whole.
  if (section === "update") return path.slice(0, 2);
  // The keys of a point say little without each other.
  if (section === "devices" && path[2] === "points") return path.slice(0, 4);
  return path.slice(0, 3);
}

/** A bus without its kind or its port is none, nor a destination without its kind. */
function removeUnreadable(entries: Tree, schema: typeof busSchema | typeof destinationDraft): void {
  for (const [name, entry] of Object.entries(entries)) {
    if (!schema.safeParse(entry).success) delete entries[name];
  }
}

function remove(tree: Tree, path: Path): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const parent = path.slice(0, -1).reduce<Tree>((node, step) => treeOf(node[step]), tree);
  delete parent[last];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

function treeOf(value: unknown): Tree {
  const isTree = typeof value === "object" && value !== null && !Array.isArray(value);
  return isTree ? (value as Tree) : {};
}
