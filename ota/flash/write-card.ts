import { createHash } from "node:crypto";
import { GatewayError } from "../../edge/core/errors.ts";
import { cardTableIn } from "./card-table.ts";
import { personalHead } from "./personal-head.ts";
import { BLOCK, GRAIN, type Target } from "./target.ts";

/** What is written where. */
export type CardJob = {
  readonly parts: AsyncIterable<Uint8Array>;
  readonly target: Pick<Target, "path" | "write" | "read" | "flush">;
  /** Bytes that the target holds; null for a file, which grows. */
  readonly targetBytes: number | null;
  /** The files that make the card a gateway's; none for a card that is nobody's. */
  readonly personal: readonly string[];
  /** SHA-256 that the image must have, in hexadecimal digits; null where nobody said. */
  readonly sha256: string | null;
  /** So many bytes are on the card from a try before: they are compared, not written. */
  readonly resumeFrom: number;
  readonly signal: AbortSignal;
  /** Hears how many bytes are written, and how many read back. */
  readonly onProgress: (step: "writing" | "verifying", bytes: number) => void;
};

/** What was written. */
export type CardDone = {
  readonly bytes: number;
  /** SHA-256 of the image, before it became a gateway's. */
  readonly sha256: string;
  /** Bytes that were there already. */
  readonly kept: number;
};

/**
 * Writes an image to a card and reads all of it back. The beginning is emptied first and written last,
 * when all else has been verified: a card that was left half written never looks whole. Rejects with
 * `card.image`, `card.write`, `card.verify`, `card.personal`, `card.refused`, or the signal's reason.
 */
export async function writeCard(job: CardJob): Promise<CardDone> {
  const { target, signal, onProgress } = job;
  const whole = createHash("sha256");
  const hashes: string[] = [];
  let head: Buffer = Buffer.alloc(0);
  let own: Buffer | null = null;
  let headEnd = 0;
  let start = 0;
  let at = 0;
  let kept = 0;
  for await (const block of blocksOf(job.parts)) {
    signal.throwIfAborted();
    whole.update(block);
    if (at === 0) {
      const { cardBytes, selector } = cardTableIn(block);
      if (job.targetBytes !== null && job.targetBytes < cardBytes) throw tooSmall(job, cardBytes);
      start = selector.start;
      headEnd = Math.ceil(selector.end / BLOCK) * BLOCK;
      await empty(target);
    }
    if (at < headEnd) head = Buffer.concat([head, block]);
    else {
      // What is wrong with its files is told before the long part.
      own ??= ownHead(job, head, start);
      const hash = hashOf(block);
      hashes.push(hash);
      const isThere =
        at + block.length <= job.resumeFrom && hashOf(await target.read(at, block.length)) === hash;
      if (isThere) kept += block.length;
      else await target.write(block, at);
    }
    at += block.length;
    onProgress("writing", at);
  }
  if (at === 0) throw new GatewayError("card.image", "the image is empty");
  const sha256 = whole.digest("hex");
  if (job.sha256 !== null && job.sha256 !== sha256) {
    throw new GatewayError("card.image", `its SHA-256 is ${sha256}, and not ${job.sha256}`);
  }
  await target.flush();
  await verify(job, hashes, head.length, at);
  await writeHead(job, own ?? ownHead(job, head, start));
  return { bytes: at, sha256, kept };
}

function ownHead({ personal }: CardJob, head: Buffer, start: number): Buffer {
  return personal.length === 0 ? head : personalHead(head, start, personal);
}

async function verify(
  { target, signal, onProgress }: CardJob,
  hashes: readonly string[],
  from: number,
  end: number,
): Promise<void> {
  let at = from;
  for (const hash of hashes) {
    signal.throwIfAborted();
    const length = Math.min(BLOCK, end - at);
    if (hashOf(await target.read(at, length)) !== hash) throw otherwise(target, at);
    at += length;
    onProgress("verifying", at);
  }
}

/**
 * From its end to its beginning. The last of all is what makes a card one: the beginning of the
 * partition table, a single write of a size that a card takes whole or not at all.
 */
async function writeHead({ target, signal }: CardJob, head: Buffer): Promise<void> {
  signal.throwIfAborted();
  for (let at = Math.floor((head.length - 1) / BLOCK) * BLOCK; at > 0; at -= BLOCK) {
    await writePart(target, head.subarray(at, at + BLOCK), at);
  }
  await writePart(target, head.subarray(GRAIN, BLOCK), GRAIN);
  await writePart(target, head.subarray(0, GRAIN), 0);
}

async function writePart(target: CardJob["target"], part: Buffer, at: number): Promise<void> {
  await target.write(part, at);
  await target.flush();
  if (hashOf(await target.read(at, part.length)) === hashOf(part)) return;
  await empty(target);
  throw otherwise(target, at);
}

/** Makes it no card; at first by a write that is taken whole, as the last one of a card is. */
async function empty(target: CardJob["target"]): Promise<void> {
  await target.write(new Uint8Array(GRAIN), 0);
  await target.flush();
  await target.write(new Uint8Array(BLOCK), 0);
  await target.flush();
}

async function* blocksOf(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const part of parts) {
    held.push(part);
    length += part.length;
    if (length < BLOCK) continue;
    const joined = Buffer.concat(held);
    let at = 0;
    for (; joined.length - at >= BLOCK; at += BLOCK) yield joined.subarray(at, at + BLOCK);
    held = [joined.subarray(at)];
    length = joined.length - at;
  }
  if (length > 0) yield Buffer.concat(held);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function otherwise({ path }: Pick<Target, "path">, at: number): GatewayError {
  return new GatewayError("card.verify", `${path}, at ${Math.floor(at / 1_048_576)} MiB`);
}

function tooSmall({ target, targetBytes }: CardJob, needed: number): GatewayError {
  const why = `${target.path} holds ${targetBytes} bytes, the image needs ${needed}`;
  return new GatewayError("card.refused", why);
}
