import test from "ava";
import { DiskRoom } from "./disk-room.ts";

const GB = 1e9;
const MB = 1e6;

function room(freeBytes: number, over: { reserveBytes?: number | null; totalBytes?: number } = {}) {
  const { reserveBytes = null, totalBytes = 32 * GB } = over;
  const looks: number[] = [];
  const disk = { freeBytes };
  const look = () => {
    looks.push(disk.freeBytes);
    return { freeBytes: disk.freeBytes, totalBytes };
  };
  const limits = new DiskRoom({ maxBytes: 2 * GB, reserveBytes }, "lifeline.db", look);
  return { disk, looks, limits };
}

test("on a disk with room the buffer's own maximum is the limit", (t) => {
  t.is(room(10 * GB).limits.limit(100 * MB), 2 * GB);
});

test("on a disk that others fill the buffer stops growing in front of the reserve", (t) => {
  t.is(room(264 * MB).limits.limit(100 * MB), 299 * MB);
  t.is(room(64 * MB).limits.limit(100 * MB), 99 * MB, "a little stays free within it");
  t.is(room(1 * MB).limits.limit(100 * MB), 99 * MB, "what it has it would not give back");
  t.is(room(264 * MB, { reserveBytes: 264 * MB }).limits.limit(100 * MB), 99 * MB);
});

test("on a small disk two percent of it are the reserve", (t) => {
  t.is(room(60 * MB, { totalBytes: 1 * GB }).limits.limit(8 * MB), 47 * MB);
});

test("however full the disk is, a few megabytes are tried", (t) => {
  t.is(room(0).limits.limit(100_000), 4 * MB);
});

test("the disk is looked at now and then, not at every commit", (t) => {
  const { disk, looks, limits } = room(10 * GB);
  for (let n = 0; n < 640; n++) {
    limits.tick();
    limits.limit(100 * MB);
  }
  t.true(looks.length >= 10 && looks.length <= 11, `${looks.length} looks`);
  disk.freeBytes = 0;
  for (let n = 0; n < 64; n++) limits.tick();
  t.is(limits.limit(100 * MB), 99 * MB);
});
