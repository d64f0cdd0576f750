import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImageAbout } from "../../edge/core/image-about.ts";
import { assemble } from "./assemble.ts";
import { makeFat } from "./fat.ts";
import { type Layout, layoutOf, MIB, partitionOf, volumeIdOf } from "./layout.ts";
import { fillSelector } from "./selector.ts";

/** Of all partitions the least that tools make a file system in. */
export const SMALL_LAYOUT: Layout = layoutOf({ selector: 4, boot: 1, root: 1, data: 4 });

/** 2025-01-01. */
const EPOCH = 1_735_689_600;

/**
 * Makes an image like that for the field, of some mebibytes and with nothing in it that runs: to try
 * what writes images, and what reads them. `root` is what the root partition begins with.
 */
export function smallImage(
  file: string,
  root = "no system is in this image\n",
  about: ImageAbout = { release: "0.0.0", hardware: ["rpi-arm64"] },
): void {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-image-"));
  try {
    const tree = join(folder, "selector");
    mkdirSync(tree);
    fillSelector(tree, about);
    const selector = join(folder, "selector.fat");
    const { bytes } = partitionOf(SMALL_LAYOUT, "selector");
    const id = volumeIdOf("small/selector");
    makeFat({ file: selector, bytes, label: "LIFELINE", id, from: tree, epoch: EPOCH });
    const rootA = join(folder, "root");
    writeFileSync(rootA, Buffer.concat([Buffer.from(root), Buffer.alloc(MIB / 2, root)]));
    const content = { selector, "root-a": rootA };
    assemble({ file, layout: SMALL_LAYOUT, name: "small", content });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
