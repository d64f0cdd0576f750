/** A disk as lsblk(8) tells of it. */
export type Disk = {
  readonly path: string;
  readonly bytes: number;
  readonly model: string;
  readonly serial: string | null;
  /** Whether it can be taken out: a card, a stick. */
  readonly isRemovable: boolean;
  readonly isReadOnly: boolean;
  /** Where it, or a part of it, is in use. */
  readonly mounts: readonly string[];
};

/** What lsblk is asked for. */
export const LSBLK = [
  "--json",
  "--bytes",
  "--output",
  "NAME,PATH,TYPE,SIZE,RM,HOTPLUG,RO,TRAN,MODEL,SERIAL,MOUNTPOINTS",
];

type Block = {
  readonly path?: unknown;
  readonly type?: unknown;
  readonly size?: unknown;
  readonly rm?: unknown;
  readonly hotplug?: unknown;
  readonly ro?: unknown;
  readonly tran?: unknown;
  readonly model?: unknown;
  readonly serial?: unknown;
  readonly mountpoints?: readonly unknown[];
  readonly children?: readonly Block[];
};

/** The disks in what lsblk printed; loop devices that nothing is behind are left out. */
export function disksIn(text: string): readonly Disk[] {
  const { blockdevices = [] } = JSON.parse(text) as { readonly blockdevices?: readonly Block[] };
  return blockdevices.flatMap((each) => {
    const { path, type, size, rm, hotplug, ro, tran, model, serial } = each;
    if (typeof path !== "string" || typeof size !== "number" || size === 0) return [];
    if (type !== "disk" && type !== "loop") return [];
    return [
      {
        path,
        bytes: size,
        model: typeof model === "string" ? model.trim() : "",
        serial: typeof serial === "string" ? serial.trim() : null,
        isRemovable: type === "disk" && (rm === true || hotplug === true || tran === "usb"),
        isReadOnly: ro === true,
        mounts: mountsOf(each),
      },
    ];
  });
}

function mountsOf({ mountpoints = [], children = [] }: Block): readonly string[] {
  const own = mountpoints.filter((each) => typeof each === "string");
  return [...own, ...children.flatMap(mountsOf)];
}

/** Why a disk is not written to. */
export type DiskRefusal =
  | { readonly kind: "system" | "read-only" | "fixed" }
  | { readonly kind: "mounted"; readonly where: string }
  | { readonly kind: "small"; readonly needed: number };

/**
 * Why `disk` must not be overwritten by something for cards of at least `needed` bytes; null where it
 * may. One that cannot be taken out is written to only where it `isMeant`, named a second time.
 */
export function refusalOf(disk: Disk, needed: number, isMeant: boolean): DiskRefusal | null {
  const [where] = disk.mounts;
  if (disk.mounts.some((each) => ["/", "/boot", "/usr", "/var", "[SWAP]"].includes(each))) {
    return { kind: "system" };
  }
  if (where !== undefined) return { kind: "mounted", where };
  if (disk.isReadOnly) return { kind: "read-only" };
  if (disk.bytes < needed) return { kind: "small", needed };
  if (!disk.isRemovable && !isMeant) return { kind: "fixed" };
  return null;
}
