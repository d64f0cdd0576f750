import { existsSync, realpathSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CardLife, cardLife } from "./card-life.ts";
import { kernelText, type Roots } from "./kernel-file.ts";

/** A file system that the gateway stands on. */
export type Disk = {
  /** What was asked for, and where the file system that holds it is mounted. */
  readonly path: string;
  readonly mount: string;
  /** Its device, such as `/dev/mmcblk0p2`, and its kind, such as `ext4`. */
  readonly device: string;
  readonly type: string;
  /** Mounted read-only, or turned so by the kernel after an error (mount(8), `errors=remount-ro`). */
  readonly isReadOnly: boolean;
  readonly totalBytes: number;
  /** What who is not root may still write. */
  readonly freeBytes: number;
  /** Null where the file system has no fixed number of them. */
  readonly totalInodes: number | null;
  readonly freeInodes: number;
  /** What its card says of its life; null where it does not. */
  readonly card: CardLife | null;
};

type Mount = Pick<Disk, "mount" | "device" | "type" | "isReadOnly">;

/**
 * The file systems that hold `paths`, each once, under the first path that is on it. A path that
 * does not exist yet is on the one that its folder is on.
 */
export function disksOf(paths: readonly string[], roots: Roots): readonly Disk[] {
  const mounts = mountsIn(kernelText(join(roots.proc, "self", "mountinfo")) ?? "");
  const disks = paths.flatMap((path) => diskOf(path, mounts, roots) ?? []);
  return disks.filter((disk, i) => disks.findIndex(({ mount }) => mount === disk.mount) === i);
}

function diskOf(path: string, mounts: readonly Mount[], roots: Roots): Disk | null {
  const place = nearest(path);
  const mount = mounts.findLast(({ mount }) => isWithin(place, mount));
  if (mount === undefined) return null;
  try {
    const { bsize, blocks, bavail, files, ffree } = statfsSync(place);
    return {
      path,
      ...mount,
      totalBytes: blocks * bsize,
      freeBytes: bavail * bsize,
      totalInodes: files === 0 ? null : files,
      freeInodes: ffree,
      card: cardLife(place, roots.sys),
    };
  } catch {
    // Behind a device that is gone.
    return null;
  }
}

/** `path`, or of what is above it the first that is there. */
function nearest(path: string): string {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return realpathSync(place);
}

function isWithin(path: string, mount: string): boolean {
  return mount === "/" || path === mount || path.startsWith(`${mount}/`);
}

/** ext4 of a newer kernel turns itself off without turning into a read-only one (`emergency_ro`). */
const READ_ONLY: ReadonlySet<string> = new Set(["ro", "emergency_ro"]);

/**
 * The mounts of `/proc/self/mountinfo` (proc(5)), in which the last one at a place is what is seen
 * there. The options behind the dash are the file system's own.
 */
export function mountsIn(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const [before = "", behind = ""] = line.split(" - ");
    const [, , , , mount, options = ""] = before.split(" ");
    const [type, device, own = ""] = behind.split(" ");
    if (mount === undefined || type === undefined || device === undefined) return [];
    const isReadOnly = `${options},${own}`.split(",").some((each) => READ_ONLY.has(each));
    return [{ mount: unescaped(mount), device: unescaped(device), type, isReadOnly }];
  });
}

/** Blanks and the like stand as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
