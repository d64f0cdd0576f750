import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { cardLife } from "./card-life.ts";

/** The kernel's files for the disk that holds the temporary directory, with `files` in `device`. */
function systemWith(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const system = mkdtempSync(join(tmpdir(), "lifeline-sys-"));
  t.teardown(() => rmSync(system, { recursive: true }));
  const partition = join(system, "devices", "mmcblk0", "mmcblk0p2");
  const device = join(system, "devices", "mmcblk0", "device");
  const links = join(system, "dev", "block");
  for (const dir of [partition, device, links]) mkdirSync(dir, { recursive: true });
  writeFileSync(join(partition, "partition"), "2\n");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(device, name), text);
  const { dev } = statSync(system);
  const minor = (dev & 0xff) + ((dev >>> 12) & 0xfff00);
  symlinkSync(partition, join(links, `${(dev >>> 8) & 0xfff}:${minor}`));
  return system;
}

test("an eMMC tells how much of its life is used, by the worse of its two areas", (t) => {
  const system = systemWith(t, { life_time: "0x02 0x04\n", pre_eol_info: "0x01\n" });
  t.deepEqual(cardLife(system, system), { device: "mmcblk0", usedPercent: 40, spare: "normal" });
});

test("an eMMC whose life is over and whose spare blocks are used up says so", (t) => {
  const system = systemWith(t, { life_time: "0x0b 0x01\n", pre_eol_info: "0x03\n" });
  t.deepEqual(cardLife(system, system), { device: "mmcblk0", usedPercent: 110, spare: "urgent" });
});

test("an SD card tells nothing, nor does an eMMC that has not defined it", (t) => {
  t.is(cardLife(tmpdir(), systemWith(t, {})), null);
  t.is(cardLife(tmpdir(), systemWith(t, { life_time: "0x00 0x00\n" })), null);
});

test("a disk that the kernel does not know tells nothing", (t) => {
  const empty = mkdtempSync(join(tmpdir(), "lifeline-sys-"));
  t.teardown(() => rmSync(empty, { recursive: true }));
  t.is(cardLife(empty, empty), null);
  t.is(cardLife(join(empty, "missing"), empty), null);
});
