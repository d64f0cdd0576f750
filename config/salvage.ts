import type { Misfit } from "./check-shape.ts";
import type { Path } from "./problems.ts";
import type { ConfigInput } from "./schema.ts";
import { configSchema } from "./schema.ts";

/**
 * What can still be checked of a file with misfits: its sound entries, and the names of all, so
 * that one mistake is reported once and not again by everything that refers to it.
 */
export type Draft = {
  /** The sound entries only. */
  readonly config: { readonly [Key in keyof ConfigInput]?: ConfigInput[Key] | undefined };
  readonly buses: readonly string[];
  readonly interlocks: readonly string[];
  readonly devices: readonly string[];
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
const SIDE_KEYS: ReadonlySet<unknown> = new Set(["bus", "unit", "every", "maxRegisters"]);

/** The draft of `root`, a file's content, whose misfits are known. */
export function salvage(root: unknown, misfits: readonly Misfit[]): Draft {
  const whole = treeOf(root);
  const pruned: Tree = structuredClone(
    Object.fromEntries(Object.entries(whole).filter(([key]) => SECTIONS.includes(key))),
  );
  for (const { path } of misfits) remove(pruned, entryOf(path));
  const devices = treeOf(whole.devices);
  const misspelt = misfits.some(({ path, unknownKey }) => unknownKey && path.length === 0);
  const unsure = new Set(misfits.filter(hidesPoints).map(({ path }) => path[1]));
  return {
    config: configSchema.partial().parse(pruned),
    buses: Object.keys(treeOf(whole.buses)),
    interlocks: Object.keys(treeOf(whole.interlocks)),
    devices: Object.keys(devices),
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

/** The smallest entry around `path` that can be left out as a whole. */
function entryOf(path: Path): Path {
  const [section] = path;
  if (section === "gateway" || section === "buffer" || section === "control") return [section];
  if (section === "devices" && path[2] === "points" && path.length > 3) return path.slice(0, 4);
  return path.slice(0, 2);
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
