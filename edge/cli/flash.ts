import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type Disk, disksIn, LSBLK, refusalOf } from "../../ota/flash/disk.ts";
import { Target } from "../../ota/flash/target.ts";
import { writeCard } from "../../ota/flash/write-card.ts";
import { GatewayError } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { commandOutput } from "../world/command-output.ts";
import { answerTo } from "../world/confirm.ts";
import { partsOfImage } from "../world/image-parts.ts";
import { agreesTo } from "./consent.ts";
import { endSignal } from "./end-signal.ts";
import { type GatewayFolder, gatewayIn, gatewaysOf } from "./flash-gateways.ts";
import { FlashState } from "./flash-state.ts";
import { sayFlash } from "./flash-text.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { Progress } from "./progress.ts";
import { refuse } from "./refuse.ts";

const MIB = 1_048_576;
/** What is on the card is noted so often, in bytes. */
const NOTE_EVERY = 32 * MIB;

/** `lifeline flash`: see its help. 1 where a card was refused or not written. */
export async function flash(invocation: Invocation): Promise<number> {
  const { lang, operands, batch, images, gateway } = invocation;
  const [image, path, ...more] = operands;
  if (image === undefined) return await list(invocation);
  const isRight =
    batch === undefined ? path !== undefined : (path === undefined) !== (images === undefined);
  if (!isRight || more.length > 0 || (batch === undefined && images !== undefined)) {
    return misuse(sayFlash(lang, "usage"), invocation);
  }
  const job = { image, signal: endSignal(), invocation };
  if (batch === undefined) {
    const own = gateway === undefined ? null : gatewayIn(gateway);
    return await one({ ...job, path: `${path}`, gateway: own });
  }
  for (const each of gatewaysOf(batch)) {
    if (job.signal.aborted) return 1;
    if (images !== undefined) {
      mkdirSync(images, { recursive: true });
      const code = await one({ ...job, path: join(images, `${each.id}.img`), gateway: each });
      if (code !== 0) return code;
      continue;
    }
    const answer = await answerTo(sayFlash(lang, "next", { gateway: each.id, path: `${path}` }));
    if (answer.trim() === "q") return 1;
    if (answer.trim() === "s") continue;
    await one({ ...job, path: `${path}`, gateway: each });
  }
  return 0;
}

type Job = {
  readonly image: string;
  readonly path: string;
  readonly gateway: GatewayFolder | null;
  readonly signal: AbortSignal;
  readonly invocation: Invocation;
};

/** Writes one card or file. */
async function one(job: Job): Promise<number> {
  const { image, path, invocation } = job;
  const { lang, fixed, yes } = invocation;
  if (!existsSync(image)) throw new GatewayError("card.image", `${image} is not there`);
  const isDevice = path.startsWith("/dev/");
  let card: Pick<Disk, "bytes" | "serial"> | null = null;
  if (isDevice) {
    const disk = (await disks()).find((each) => each.path === path);
    if (disk === undefined) return refuse(sayFlash(lang, "noDisk", { path }), invocation);
    const why = whyNot(disk, invocation, fixed === path);
    if (why !== null) throw new GatewayError("card.refused", `${path}: ${why}`);
    const question = sayFlash(lang, "ask", { ...words(disk) });
    if (!yes && !(await agreesTo(question))) return refuse(sayFlash(lang, "notAgreed"), invocation);
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

async function written(
  { image, path, gateway, signal, invocation }: Job,
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
  if (gateway !== null && invocation.batch !== undefined) {
    const { sha256 } = done;
    const record = { at: clock.now(), gateway: gateway.id, path, serial, image: sha256 };
    // Beside the labels: which card is whose, the last line of a gateway being the one in force.
    appendFileSync(join(invocation.batch, "cards.jsonl"), `${toJson(record)}\n`);
  }
  const s = ((clock.uptime() - from) / 1000).toFixed(1);
  if (json) {
    const { bytes, sha256 } = done;
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

/** The SHA-256 that a file beside the image says it has; null where there is none. */
function sumOf(image: string): string | null {
  const file = `${image.replace(/\.(zst|gz)$/, "")}.sha256`;
  if (!existsSync(file)) return null;
  return /^[0-9a-f]{64}/.exec(readFileSync(file, "utf8"))?.[0] ?? null;
}

async function disks(): Promise<readonly Disk[]> {
  const text = await commandOutput("lsblk", LSBLK);
  if (text === null)
    throw new GatewayError("card.open", "lsblk (package util-linux) does not answer");
  return disksIn(text);
}

async function list(invocation: Invocation): Promise<number> {
  const { lang, json } = invocation;
  const found = (await disks()).filter(({ isRemovable }) => isRemovable);
  if (json) {
    const cards = found.map((disk) => ({ ...disk, refused: whyNot(disk, invocation, false) }));
    print(toJson({ cards }));
    return 0;
  }
  if (found.length === 0) print(sayFlash(lang, "noCards"));
  for (const disk of found) {
    const why = whyNot(disk, invocation, false);
    print(sayFlash(lang, "card", { ...words(disk), why: why === null ? "" : `  (${why})` }));
  }
  return 0;
}

function words({ path, bytes, model }: Disk) {
  return { path, size: (bytes / 1e9).toFixed(1), model };
}

function whyNot(disk: Disk, { lang }: Invocation, isMeant: boolean): string | null {
  const why = refusalOf(disk, 0, isMeant);
  if (why === null) return null;
  const where = why.kind === "mounted" ? why.where : "";
  return sayFlash(lang, why.kind, { where, path: disk.path });
}
