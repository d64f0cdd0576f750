import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { compareImages, differingFiles } from "./compare.ts";
import { partitionOf } from "./layout.ts";
import { SMALL_LAYOUT, smallImage } from "./small-image.ts";

function twoImages() {
  const dir = tempDir("compare");
  const [one, other] = [join(dir, "one.img"), join(dir, "other.img")];
  smallImage(one);
  copyFileSync(one, other);
  return { one, other };
}

test("images that are the same are so in every part that they have", (t) => {
  const { one, other } = twoImages();
  const compared = compareImages(SMALL_LAYOUT, one, other);
  t.deepEqual(
    compared.map(({ part }) => part),
    ["table", "selector", "boot-a", "root-a"],
  );
  t.true(compared.every(({ differsAt }) => differsAt === null));
  t.is(
    compared.reduce((sum, { bytes }) => sum + bytes, 0),
    statSync(one).size,
  );
});

test("a byte that differs is named by its partition and its place", (t) => {
  const { one, other } = twoImages();
  const bytes = readFileSync(other);
  const at = partitionOf(SMALL_LAYOUT, "root-a").start + 4_711;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(other, bytes);
  const odd = compareImages(SMALL_LAYOUT, one, other).filter(({ differsAt }) => differsAt !== null);
  t.like(odd, [{ part: "root-a", differsAt: at }]);
  t.is(odd.length, 1);
});

test("an image that is shorter differs where it ends", (t) => {
  const { one, other } = twoImages();
  const end = statSync(one).size - 10;
  truncateSync(other, end);
  t.is(compareImages(SMALL_LAYOUT, one, other).at(-1)?.differsAt, end);
});

test("the files that make the difference are named", (t) => {
  const [one, other] = [tempDir("one"), tempDir("other")];
  for (const [dir, text] of [
    [one, "1"],
    [other, "2"],
  ] as const) {
    mkdirSync(join(dir, "root/etc"), { recursive: true });
    writeFileSync(join(dir, "root/etc/machine-id"), text);
    writeFileSync(join(dir, "root/etc/hostname"), "lifeline");
  }
  const told = differingFiles(one, other);
  t.is(told.length, 1);
  t.regex(told[0] ?? "", /etc\/machine-id/);
});
