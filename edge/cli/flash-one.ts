import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import process from "node:process";
import { type Disk, disksIn, LSBLK, refusalOf } from "../../ota/flash/disk.ts";
import { checkBeginning, imageAboutOf } from "../../ota/flash/image-about.ts";
import { Target } from "../../ota/flash/target.ts";
import { writeCard } from "../../ota/flash/write-card.ts";
import { GatewayError } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { commandOutput } from "../world/command-output.ts";
import { partsOfImage } from "../world/image-parts.ts";
import { agreesTo } from "./consent.ts";
import type { CardRecord } from "./flash-cards.ts";
import type { GatewayFolder } from "./flash-gateways.ts";
import { FlashState } from "./flash-state.ts";
import { sayFlash } from "./flash-text.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { Progress } from "./progress.ts";
import { refuse } from "./refuse.ts";

const MIB = 1_048_576;
/** What is on the card is noted so often, in bytes. */
const NOTE_EVERY = 32 * MIB;

/** A card or file that is to be written. */
export type CardJob = {
  readonly image: string;
  readonly path: string;
  readonly gateway: GatewayFolder | null;
  readonly signal: AbortSignal;
  readonly invocation: Invocation;
  /** The card before it in a batch, which it should be like. */
  readonly before?: CardRecord | undefined;
  /** Hears of the card when it is whole. */
  readonly onWritten?: (record: Omit<CardRecord, "gateway">) => void;
};

/** Cards of one size differ by so much at most, from one maker to the next. */
const SAME_SIZE = 0.1;

/**
 * Writes one card or file, and tells of it. 1 where the person did not agree, or left. Rejects with
 * what is wrong with image or card.
 */
export async function writeOne(job: CardJob): Promise<number> {
  const { image, path, invocation, before } = job;
  const { lang, fixed, yes } = invocation;
  if (!existsSync(image)) throw new GatewayError("card.image", `${image} is not there`);
  await judgeImage(job);
  const isDevice = path.startsWith("/dev/");
  let card: Pick<Disk, "bytes" | "serial"> | null = null;
  if (isDevice) {
    const disk = (await disks()).find((each) => each.path === path);
    if (disk === undefined) return refuse(sayFlash(lang, "noDisk", { path }), invocation);
    const why = whyNot(disk, invocation, fixed === path);
    if (why !== null) throw new GatewayError("card.refused", `${path}: ${why}`);
    const isOdd = isOtherSize(disk, before);
    const than = ((before?.cardBytes ?? 0) / 1e9).toFixed(1);
    const question = sayFlash(lang, isOdd ? "askOdd" : "ask", { ...words(disk), than });
    if ((isOdd || yes !== true) && !(await agreesTo(question)))
      return refuse(sayFlash(lang, "notAgreed"), invocation);
    card = disk;
  }
  const held = FlashState.of(path, image);
  if (typeof held === "number") {
    return refuse(sayFlash(lang, "inUse", { path, pid: held }), invocation);
  }
  using state = held;
  const target = await Target.open(path, isDevice);
  try {
    return await written(job, target, card, state);
  } catch (error) {
    complain(sayFlash(lang, "left", { path }));
    if (job.signal.aborted) return 1;
    throw error;
  } finally {
    await target.close();
  }
}

/**
 * Before the card is touched: rejects with `card.image` where the image is none, and with
 * `card.hardware` where it is for other boards than the gateway's. What comes through a pipe comes once.
 */
async function judgeImage({ image, gateway, invocation }: CardJob): Promise<void> {
  const kind = statSync(image);
  if (kind.isDirectory()) throw new GatewayError("card.image", `${image} is a folder`);
  if (kind.isFile()) await checkBeginning(partsOfImage(image));
  const hardware = gateway?.hardware ?? null;
  if (gateway === null || hardware === null) return;
  const about = kind.isFile() ? await imageAboutOf(partsOfImage(image)) : null;
  if (about === null || about.hardware.length === 0) {
    const words = { image, gateway: gateway.id, hardware };
    complain(sayFlash(invocation.lang, "hardwareUnsaid", words));
  } else if (!about.hardware.includes(hardware)) {
    const of = about.hardware.join(", ");
    throw new GatewayError("card.hardware", `${image}: ${of}; ${gateway.id}: ${hardware}`);
  }
}

async function written(
  { image, path, gateway, signal, invocation, onWritten }: CardJob,
  target: Target,
  card: Pick<Disk, "bytes" | "serial"> | null,
  state: FlashState,
): Promise<number> {
  const { bytes: targetBytes = null, serial = null } = card ?? {};
  const { lang, json } = invocation;
  const clock = new SystemClock();
  const from = clock.uptime();
  let noted = state.written();
  let told = "";
  const progress = new Progress({
    clock,
    isLive: process.stderr.isTTY === true,
    write: (text) => process.stderr.write(text),
    tell: () => told,
  });
  const done = await writeCard({
    ...{ target, targetBytes, signal, resumeFrom: noted, sha256: sumOf(image) },
    parts: partsOfImage(image),
    personal: gateway?.files ?? [],
    onProgress: (step, bytes) => {
      const mib = Math.round(bytes / MIB);
      const seconds = (clock.uptime() - from) / 1000;
      const speed = (bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(1);
      told = sayFlash(lang, step, { mib, speed });
      progress.at(1, 1);
      if (step !== "writing" || bytes < noted + NOTE_EVERY) return;
      noted = bytes;
      state.note(bytes);
    },
  });
  progress.end();
  state.done();
  const { sha256 } = done;
  onWritten?.({ at: clock.now(), path, serial, cardBytes: targetBytes, image: sha256 });
  const s = ((clock.uptime() - from) / 1000).toFixed(1);
  if (json) {
    const { bytes } = done;
    const facts = { path, gateway: gateway?.id ?? null, bytes, sha256, isDirect: target.isDirect };
    print(toJson({ ...facts, seconds: Number(s) }));
    return 0;
  }
  const mib = Math.round(done.bytes / MIB);
  const kept = done.kept === 0 ? "" : sayFlash(lang, "kept", { mib: Math.round(done.kept / MIB) });
  print(sayFlash(lang, "done", { path, mib, s, kept }));
  if (gateway !== null) print(sayFlash(lang, "forGateway", { path, gateway: gateway.id }));
  if (!target.isDirect) print(`  ${sayFlash(lang, "cached")}`);
  return 0;
}

/** Whether `disk` is of another size than the card before: another disk is easily meant. */
function isOtherSize({ bytes }: Disk, before: CardRecord | undefined): boolean {
  const other = before?.cardBytes ?? bytes;
  return Math.abs(bytes - other) > SAME_SIZE * other;
}

/** The SHA-256 of an image, told beside it or found by reading it. Rejects with `card.image`. */
export async function hashOfImage(image: string): Promise<string> {
  const told = sumOf(image);
  if (told !== null) return told;
  const hash = createHash("sha256");
  for await (const part of partsOfImage(image)) hash.update(part);
  return hash.digest("hex");
}

/** The SHA-256 that a file beside the image says it has; null where there is none. */
function sumOf(image: string): string | null {
  const file = `${image.replace(/\.(zst|gz)$/, "")}.sha256`;
  if (!existsSync(file)) return null;
  return /^[0-9a-f]{64}/.exec(readFileSync(file, "utf8"))?.[0] ?? null;
}

/** The disks that are there. Rejects with `card.open`. */
export async function disks(): Promise<readonly Disk[]> {
  const text = await commandOutput("lsblk", LSBLK);
  if (text === null)
    throw new GatewayError("card.open", "lsblk (package util-linux) does not answer");
  return disksIn(text);
}

/** What a sentence says of a disk. */
export function words({ path, bytes, model }: Disk) {
  return { path, size: (bytes / 1e9).toFixed(1), model };
}

/** Why `disk` is not written to, in words; null where it may be. */
export function whyNot(disk: Disk, { lang }: Invocation, isMeant: boolean): string | null {
  const why = refusalOf(disk, 0, isMeant);
  if (why === null) return null;
  const where = why.kind === "mounted" ? why.where : "";
  return sayFlash(lang, why.kind, { where, path: disk.path });
}
