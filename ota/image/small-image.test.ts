import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { partitionOf } from "./layout.ts";
import { SMALL_LAYOUT, smallImage } from "./small-image.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "lifeline-small-image-"));

test("an image is the same bytes each time it is made", (t) => {
  const [one, two] = [join(FOLDER, "one.img"), join(FOLDER, "two.img")];
  smallImage(one);
  smallImage(two);
  t.true(readFileSync(one).equals(readFileSync(two)));
});

test("an image on a card has the partitions of its table, and a first one that can be read", (t) => {
  const file = join(FOLDER, "card.img");
  smallImage(file);
  t.true(statSync(file).size < SMALL_LAYOUT.bytes);
  // The rest of the card.
  truncateSync(file, SMALL_LAYOUT.bytes);
  const told = execFileSync("/usr/sbin/sfdisk", ["--json", file], {
    encoding: "utf8",
    stdio: "pipe",
  });
  const names = JSON.parse(told).partitiontable.partitions.map(
    (each: { name: string }) => each.name,
  );
  t.deepEqual(names.toSorted(), ["boot-a", "boot-b", "data", "root-a", "root-b", "selector"]);
  const at = `${file}@@${partitionOf(SMALL_LAYOUT, "selector").start}`;
  const autoboot = execFileSync("mtype", ["-i", at, "::/autoboot.txt"], { encoding: "utf8" });
  t.regex(autoboot, /tryboot_a_b=1\nboot_partition=2\n\[tryboot\]\nboot_partition=3/);
});
