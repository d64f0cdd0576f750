import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a bundle of the system layer brings. */
export type BundleParts = {
  /**
   * The root, and the boot partition of the first set; `rauc-hook` makes it the other one's. The name
   * of the latter ends in `.ext4` where it is no FAT, as in tests on kernels without.
   */
  readonly root: string;
  readonly boot: string;
  readonly version: string;
};

/** As `system.conf` of the image has it. */
export const COMPATIBLE = "lifeline-rpi-arm64";

/**
 * Fills `folder` with what `rauc bundle` makes an update of the system layer of, for either set of
 * partitions. `format`: verity, but where no device mapper is, as in a test.
 */
export function fillBundle(
  folder: string,
  { root, boot, version }: BundleParts,
  format: "verity" | "plain" = "verity",
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(root, join(folder, "root.img"));
  const bootName = boot.endsWith(".ext4") ? "boot.ext4" : "boot.vfat";
  copyFileSync(boot, join(folder, bootName));
  copyFileSync(join(import.meta.dirname, "rauc-hook"), join(folder, "hook"));
  const manifest = `[update]
compatible=${COMPATIBLE}
version=${version}

[bundle]
format=${format}

[hooks]
filename=hook

[image.rootfs]
filename=root.img

[image.boot]
filename=${bootName}
hooks=post-install
`;
  writeFileSync(join(folder, "manifest.raucm"), manifest);
}
