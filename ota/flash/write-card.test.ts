import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import test from "ava";
import { GatewayError } from "../../edge/core/errors.ts";
import { SMALL_LAYOUT, smallImage } from "../image/small-image.ts";
import { BLOCK, Target } from "./target.ts";
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

for (const [what, code, change] of [
  ["an image with another hash", "card.image", { sha256: "0".repeat(64) }],
  ["an image without a table", "card.image", { parts: inParts(Buffer.alloc(BLOCK)) }],
  ["an empty image", "card.image", { parts: inParts(Buffer.alloc(0)) }],
  ["a card that is too small", "card.refused", { targetBytes: 1_000_000 }],
  ["a file for the gateway that is not there", "card.personal", { personal: ["/nowhere/claim"] }],
] as const) {
  test(`${what} is refused, and the card does not start`, async (t) => {
    const { path, job, target } = await card(what.replaceAll(" ", "-"), change);
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
