import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { GatewayError } from "../../edge/core/errors.ts";
import { applyDelta, type Base, type Wanted } from "./apply.ts";
import { headBytes, MAGIC, PIECE_BYTES } from "./format.ts";
import { makeDelta } from "./make.ts";

/** Quick, for tests that are not about how small a delta is. */
const LEVEL = 3;

function folderFor(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-delta-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

function wantedOf(bytes: Uint8Array): Wanted {
  return { length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function baseOf(bytes: Uint8Array): Base {
  const read = (at: number, length: number) => {
    return Promise.resolve(Buffer.from(bytes.subarray(at, at + length)));
  };
  return { read };
}

/** What `delta` makes of `base`, or the code of the refusal. */
async function applied(folder: string, base: Uint8Array, delta: Uint8Array, wanted: Wanted) {
  const step = { base: baseOf(base), delta: join(folder, "delta"), out: join(folder, "out") };
  writeFileSync(step.delta, delta);
  try {
    await applyDelta(step, wanted, new AbortController().signal);
    return readFileSync(step.out);
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

test("whatever two files are, the delta makes the second of the first", async (t) => {
  const folder = folderFor(t);
  await fc.assert(
    fc.asyncProperty(bytes(3_000), bytes(300), bytes(3_000), async (before, between, after) => {
      const base = Buffer.concat([before, after]);
      const wanted = Buffer.concat([before, between, after]);
      const made = await applied(folder, base, makeDelta(base, wanted, LEVEL), wantedOf(wanted));
      return Buffer.compare(made as Buffer, wanted) === 0;
    }),
    { numRuns: 25 },
  );
  t.pass();
});

/** The same bytes in each run, and as hard to compress as chance. */
function noise(length: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(
    Buffer.alloc(length),
  );
}

test("a delta over several pieces finds in the base what was moved a little", async (t) => {
  const base = noise(2 * PIECE_BYTES + 1_000);
  const wanted = Buffer.concat([
    base.subarray(0, 5_000),
    Buffer.alloc(700, 7),
    base.subarray(5_000),
  ]);
  // Below level 5 most places of the base are not remembered.
  const delta = makeDelta(base, wanted, 5);
  const made = await applied(folderFor(t), base, delta, wantedOf(wanted));
  t.true(wanted.equals(made as Buffer));
  t.true(delta.length < 2_000_000, `${delta.length}`);
});

test("a delta that was cut or changed anywhere makes no wrong file", async (t) => {
  const folder = folderFor(t);
  const base = randomBytes(4_000);
  const wanted = Buffer.concat([base.subarray(0, 2_000), randomBytes(500), base.subarray(2_000)]);
  const delta = makeDelta(base, wanted, LEVEL);
  const change = fc.record({ at: fc.nat(delta.length - 1), xor: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(change, fc.boolean(), async ({ at, xor }, isCut) => {
      const other = Uint8Array.from(isCut ? delta.subarray(0, at) : delta);
      if (!isCut) other[at] = delta[at]! ^ xor;
      const made = await applied(folder, base, other, wantedOf(wanted));
      return typeof made === "string" ? made.startsWith("ota.") : made.equals(wanted);
    }),
    { numRuns: 100 },
  );
  t.pass();
});

test("a delta on another base is refused", async (t) => {
  const base = randomBytes(4_000);
  const wanted = Buffer.concat([base, Buffer.from("more")]);
  const delta = makeDelta(base, wanted, LEVEL);
  const folder = folderFor(t);
  t.is(await applied(folder, randomBytes(4_000), delta, wantedOf(wanted)), "ota.malformed");
  t.is(await applied(folder, randomBytes(100), delta, wantedOf(wanted)), "ota.malformed");
});

test("a delta that makes other bytes, or more, or fewer, is refused", async (t) => {
  const folder = folderFor(t);
  const base = randomBytes(4_000);
  const delta = makeDelta(base, randomBytes(1_000), LEVEL);
  t.is(await applied(folder, base, delta, wantedOf(randomBytes(1_000))), "ota.hash");
  t.is(await applied(folder, base, delta, wantedOf(randomBytes(999))), "ota.length");
  t.is(await applied(folder, base, delta, wantedOf(randomBytes(1_001))), "ota.length");
});

/** A delta of one piece that says to become `bytes`, and becomes `really`, all zero. */
function bomb(bytes: number, really: number): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  const frame = zstdCompressSync(Buffer.alloc(really), { params });
  const head = { baseFrom: 0, baseBytes: 0, bytes, frameBytes: frame.length };
  return Buffer.concat([MAGIC, headBytes(head), frame]);
}

test("a delta that would become far more than it says stops there", async (t) => {
  const folder = folderFor(t);
  const wanted = wantedOf(Buffer.alloc(1_000));
  t.is(await applied(folder, Buffer.alloc(0), bomb(1_000, 50_000_000), wanted), "ota.malformed");
  t.is(statSync(join(folder, "out")).size, 0);
  const open = bomb(50_000_000, 50_000_000);
  t.is(await applied(folder, Buffer.alloc(0), open, wanted), "ota.malformed");
  const many = Buffer.concat([MAGIC, ...Array(9).fill(bomb(500, 500).subarray(MAGIC.length))]);
  t.is(await applied(folder, Buffer.alloc(0), many, wanted), "ota.length");
  t.is(statSync(join(folder, "out")).size, 1_000);
});

test("a piece that asks for more memory than any may is refused before it is read", async (t) => {
  const head = { baseFrom: 0, baseBytes: 0, bytes: 1, frameBytes: 1 };
  for (const key of ["baseBytes", "bytes", "frameBytes"] as const) {
    const delta = Buffer.concat([MAGIC, headBytes({ ...head, [key]: 0xff_ff_ff_ff })]);
    const made = await applied(folderFor(t), Buffer.alloc(9), delta, wantedOf(Buffer.alloc(1)));
    t.is(made, "ota.malformed");
  }
});

test("what is no delta is refused", async (t) => {
  const made = await applied(folderFor(t), Buffer.alloc(9), randomBytes(90), wantedOf(MAGIC));
  t.is(made, "ota.malformed");
});

test("a delta that is no longer wanted is left", async (t) => {
  const folder = folderFor(t);
  const step = {
    base: baseOf(new Uint8Array()),
    delta: join(folder, "delta"),
    out: join(folder, "out"),
  };
  writeFileSync(step.delta, makeDelta(new Uint8Array(), Buffer.from("wanted"), LEVEL));
  const wanted = wantedOf(Buffer.from("wanted"));
  const stopped = AbortSignal.abort(new Error("stopped"));
  await t.throwsAsync(applyDelta(step, wanted, stopped), { message: "stopped" });
});
