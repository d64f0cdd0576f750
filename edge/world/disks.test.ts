import { execFileSync } from "node:child_process";
import { join } from "node:path";
import test from "ava";
import { testAsRoot } from "../../test-rigs/debian/test-with.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { disksOf, mountsIn } from "./disks.ts";
import { ROOTS } from "./kernel-file.ts";

test("a mount is read-only by its own options, by those of its file system, or turned off by ext4", (t) => {
  const line = (options: string, own: string) =>
    `36 35 179:2 / /data ${options} shared:1 - ext4 /dev/mmcblk0p2 ${own}`;
  const isReadOnly = (text: string) => mountsIn(text).map((mount) => mount.isReadOnly);
  t.deepEqual(isReadOnly(line("rw,noatime", "rw,errors=remount-ro")), [false]);
  t.deepEqual(isReadOnly(line("ro,noatime", "rw")), [true]);
  t.deepEqual(isReadOnly(line("rw,noatime", "ro")), [true]);
  t.deepEqual(isReadOnly(line("rw,noatime", "rw,emergency_ro")), [true]);
});

test("the place of a mount may hold blanks", (t) => {
  const [mount] = mountsIn("1 0 8:1 / /media/USB\\040stick rw - vfat /dev/sda1 rw");
  t.is(mount?.mount, "/media/USB stick");
});

test("a path that is not there yet is on the disk of what is above it, and a disk comes once", (t) => {
  const dir = tempDir("disk");
  const disks = disksOf([join(dir, "not", "yet"), dir], ROOTS);
  t.is(disks.length, 1);
  t.true((disks[0]?.totalBytes ?? 0) > 0);
  t.is(disks[0]?.path, join(dir, "not", "yet"));
});

testAsRoot("a disk that is mounted read-only is seen so, with what it has left", (t) => {
  const dir = tempDir("disk");
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1M,ro", "tmpfs", dir]);
  t.teardown(() => void execFileSync("umount", [dir]));
  const [disk] = disksOf([dir], ROOTS);
  t.like(disk, { mount: dir, type: "tmpfs", isReadOnly: true, totalBytes: 1 << 20 });
  t.is(disk?.freeBytes, 1 << 20);
});
