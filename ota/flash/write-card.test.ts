import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import test from "ava";
import { GatewayError } from "../../edge/core/errors.ts";
import { SMALL_LAYOUT, smallImage } from "../image/small-image.ts";
import { fileOnCard } from "./card-file.ts";
import { cardTableIn } from "./card-table.ts";
import { BLOCK, GRAIN, Target } from "./target.ts";
import { type CardJob, writeCard } from "./write-card.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "lifeline-flash-test-"));
const IMAGE = join(FOLDER, "small.img");
smallImage(IMAGE);
// Some blocks behind the beginning.
truncateSync(IMAGE, 5 * BLOCK);
const BYTES = readFileSync(IMAGE);
BYTES.fill("lifeline", 3 * BLOCK);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

function inParts(bytes: Buffer): AsyncIterable<Buffer> {
  const starts = Array.from({ length: Math.ceil(bytes.length / 1e6) }, (_, i) => i * 1e6);
  return Readable.from(starts.map((at) => bytes.subarray(at, at + 1e6)));
}

async function card(name: string, change: Partial<CardJob> = {}) {
  const path = join(FOLDER, name);
  const target = await Target.open(path, false);
  const job: CardJob = {
    ...{ parts: inParts(BYTES), target, targetBytes: null, personal: [], sha256: SHA256 },
    ...{ resumeFrom: 0, signal: new AbortController().signal, onProgress: () => {} },
    ...change,
  };
  return { path, job, target };
}

test("a card holds the image when it is done, byte for byte", async (t) => {
  const { path, job, target } = await card("whole");
  t.like(await writeCard(job), { bytes: BYTES.length, sha256: SHA256, kept: 0 });
  await target.close();
  t.true(readFileSync(path).equals(BYTES));
});

test("what makes it a gateway's is on its first partition, and all else is as it was", async (t) => {
  const file = join(FOLDER, "gateway.yaml");
  writeFileSync(file, "gateway: { id: gw-1 }\n");
  const { path, job, target } = await card("personal", { personal: [file] });
  await writeCard(job);
  await target.close();
  const args = ["-i", `${path}@@1M`, "::/gateway/gateway.yaml"];
  t.is(execFileSync("mtype", args, { encoding: "utf8" }), "gateway: { id: gw-1 }\n");
  const from = SMALL_LAYOUT.partitions[1]?.start ?? 0;
  t.true(readFileSync(path).subarray(from).equals(BYTES.subarray(from)));
});

test("a card that was left half written has no beginning, and the next try only compares it", async (t) => {
  const left = new AbortController();
  const onProgress = (_: string, bytes: number) => {
    if (bytes > 3 * BLOCK) left.abort(new Error("left"));
  };
  const half = await card("half", { signal: left.signal, onProgress });
  await t.throwsAsync(writeCard(half.job), { message: "left" });
  t.true(
    readFileSync(half.path)
      .subarray(0, BLOCK)
      .every((byte) => byte === 0),
  );
  await half.target.close();
  const { path, job, target } = await card("half", { resumeFrom: 4 * BLOCK });
  t.is((await writeCard(job)).kept, 2 * BLOCK);
  await target.close();
  t.true(readFileSync(path).equals(BYTES));
});

test("a card that was swapped since is written as a new one", async (t) => {
  const { path, job, target } = await card("swapped", { resumeFrom: BYTES.length });
  t.is((await writeCard(job)).kept, 0);
  await target.close();
  t.true(readFileSync(path).equals(BYTES));
});

test("a card that gives back something else is refused, and does not start", async (t) => {
  const { path, job, target } = await card("worn");
  const spoilt = await open(path, "r+");
  const onProgress = (step: string, bytes: number) => {
    if (step !== "writing" || bytes !== BYTES.length) return;
    // As a card does that is smaller than it says.
    const handle = spoilt.fd;
    writeFileSync(`/proc/self/fd/${handle}`, Buffer.from(BYTES).fill("x", BYTES.length - 8), {
      flag: "r+",
    });
  };
  const error = await t.throwsAsync(
    writeCard({ ...job, parts: inParts(Buffer.from(BYTES)), sha256: null, onProgress }),
  );
  await spoilt.close();
  await target.close();
  t.is((error as GatewayError).code, "card.verify");
});

/** A card in memory, `held`, that notes what was written to it, in turn. */
function memoryCard(held: Buffer) {
  const writes: { readonly at: number; readonly bytes: Buffer }[] = [];
  const target: CardJob["target"] = {
    path: "memory",
    write: (bytes, at) => {
      writes.push({ at, bytes: Buffer.from(bytes) });
      held.set(bytes, at);
      return Promise.resolve();
    },
    read: (at, length) => Promise.resolve(held.subarray(at, at + length)),
    flush: () => Promise.resolve(),
  };
  return { target, writes };
}

/** What a card may have taken of `bytes` when the power went. */
const TORN: readonly ((grain: number, grains: number) => boolean)[] = [
  () => true,
  (grain, grains) => grain < grains / 2,
  (grain, grains) => grain >= grains / 2,
  (grain) => grain % 2 === 1,
  (grain) => grain % 2 === 0,
];

test("a card whose power was cut at any write, within it too, is whole or no card at all", async (t) => {
  const before = Buffer.from(BYTES).fill("another gateway's", BLOCK);
  const after = Buffer.from(before);
  const { target, writes } = memoryCard(after);
  const { target: unused, job } = await card("cut");
  await unused.close();
  await writeCard({ ...job, target });
  t.true(after.equals(BYTES));
  const isCard = (held: Buffer) => {
    try {
      return cardTableIn(held) !== null;
    } catch {
      return false;
    }
  };
  t.true(isCard(before));
  const held = Buffer.from(before);
  for (const [i, { at, bytes }] of writes.entries()) {
    for (const isTaken of TORN) {
      const cut = Buffer.from(held);
      const grains = Math.ceil(bytes.length / GRAIN);
      for (let grain = 0; grain < grains; grain++) {
        const from = grain * GRAIN;
        if (isTaken(grain, grains)) cut.set(bytes.subarray(from, from + GRAIN), at + from);
      }
      const isWhole = cut.equals(BYTES) || cut.equals(before);
      if (isCard(cut) && !isWhole) t.fail(`write ${i} of ${writes.length}, at ${at}`);
    }
    held.set(bytes, at);
  }
});

test("a second gateway's files take the place of the first's, and nothing of those is left", async (t) => {
  const files = (claim: string, names: readonly string[]) =>
    names.map((name) => {
      const file = join(FOLDER, claim, name);
      mkdirSync(join(FOLDER, claim), { recursive: true });
      writeFileSync(file, `${claim}\n`);
      return file;
    });
  const first = await card("twice", { personal: files("AAAAA-OF-THE-FIRST", ["claim", "ca.pem"]) });
  await writeCard(first.job);
  await first.target.close();
  t.true(readFileSync(first.path).includes("AAAAA-OF-THE-FIRST"));
  const second = await card("twice", {
    ...{ personal: files("BBBBB-OF-THE-SECOND", ["claim"]), resumeFrom: BYTES.length },
  });
  t.true((await writeCard(second.job)).kept > 0);
  await second.target.close();
  const held = readFileSync(second.path);
  t.true(held.includes("BBBBB-OF-THE-SECOND"));
  t.false(held.includes("AAAAA-OF-THE-FIRST"));
  t.is(fileOnCard(second.path, "ca.pem"), null);
});

/** `BYTES` with its partition table changed by `change`, its check sums renewed or not. */
function withTable(change: (image: Buffer) => void, isSummed = true): AsyncIterable<Buffer> {
  const image = Buffer.from(BYTES);
  change(image);
  if (isSummed) {
    image.writeUInt32LE(crc32(image.subarray(1024, 1024 + 128 * 128)), 512 + 88);
    const header = Buffer.from(image.subarray(512, 512 + 92)).fill(0, 16, 20);
    image.writeUInt32LE(crc32(header), 512 + 16);
  }
  return inParts(image);
}

const LARGE = join(FOLDER, "large");
writeFileSync(LARGE, Buffer.alloc(5_000_000, "x"));

for (const [what, code, change] of [
  ["an image with another hash", "card.image", { sha256: "0".repeat(64) }],
  ["an image without a table", "card.image", { parts: inParts(Buffer.alloc(BLOCK)) }],
  ["an empty image", "card.image", { parts: inParts(Buffer.alloc(0)) }],
  ["a card that is too small", "card.refused", { targetBytes: 1_000_000 }],
  [
    "an image whose table is damaged",
    "card.image",
    { parts: withTable((image) => void image.writeUInt8(7, 1024 + 40), false) },
  ],
  [
    "an image whose first partition lies beyond it",
    "card.image",
    { parts: withTable((image) => void image.writeBigUInt64LE(2n ** 40n, 1024 + 40)) },
  ],
  [
    "an image whose first partition ends before it begins",
    "card.image",
    { parts: withTable((image) => void image.writeBigUInt64LE(1n, 1024 + 40)) },
  ],
  [
    "an image of something else",
    "card.image",
    { parts: withTable((image) => void image.write("boot", 1024 + 56, "utf16le")) },
  ],
  [
    "an image whose first partition is no file system",
    "card.personal",
    { parts: withTable((image) => void image.fill(0, 1_048_576, 2_000_000)), personal: [LARGE] },
  ],
  ["more than the first partition has room for", "card.personal", { personal: [LARGE] }],
  ["a file for the gateway that is not there", "card.personal", { personal: ["/nowhere/claim"] }],
] as const) {
  test(`${what} is refused, and the card does not start`, async (t) => {
    const isOwn = !("parts" in change);
    const { path, job, target } = await card(what.replaceAll(" ", "-"), {
      ...(!isOwn && { sha256: null }),
      ...change,
    });
    const error = await t.throwsAsync(writeCard(job), { instanceOf: GatewayError });
    t.is(error?.code, code);
    await target.close();
    t.true(
      readFileSync(path)
        .subarray(0, BLOCK)
        .every((byte) => byte === 0),
    );
  });
}

test("a disk that takes no more is told, with the place", async (t) => {
  const target = await Target.open("/dev/full", false);
  const { job, target: unused } = await card("unused", {});
  await unused.close();
  const error = await t.throwsAsync(writeCard({ ...job, target }), { instanceOf: GatewayError });
  await target.close();
  t.is(error?.code, "card.write");
  t.regex(error?.message ?? "", /\/dev\/full, at 0 MiB: .*(space|EINVAL|no more)/i);
});
