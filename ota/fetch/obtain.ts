import { mkdirSync } from "node:fs";
import { type ErrorCode, GatewayError } from "../../edge/core/errors.ts";
import { applyDelta } from "../delta/apply.ts";
import { chooseFetch, type Fetch, type FetchPlan, type Layer } from "../delta/choose.ts";
import type { ReleaseManifest } from "../release/manifest.ts";
import { checkRoom } from "../trust/room.ts";
import type { TrustClient } from "../trust/trust-client.ts";
import { diskFault } from "../trust/verdict.ts";
import { type Bases, basesOf, type InstalledLayer } from "./bases.ts";
import { FetchStage } from "./fetch-stage.ts";
import { unpackArchive } from "./unpack.ts";

/** What there is to tell while a release is fetched, in bytes. */
export type ObtainStep =
  /** Before anything is fetched: how much it takes where all goes well, and at the most. */
  | { readonly kind: "plan"; readonly bytes: number; readonly bytesMax: number }
  /** How much of the `length` bytes of a file is here by now. */
  | {
      readonly kind: "received";
      readonly layer: Layer;
      readonly bytes: number;
      readonly length: number;
    }
  /** A delta came to nothing, because of `code`: the whole is fetched, `length` bytes. */
  | {
      readonly kind: "fallback";
      readonly layer: Layer;
      readonly code: ErrorCode;
      readonly length: number;
    };

/** What is obtained, and with what. */
export type ObtainOrder = {
  readonly trust: Pick<TrustClient, "find" | "download">;
  /** Of a target that was verified, and admitted by the policy. */
  readonly manifest: ReleaseManifest;
  /** What may be the base of a delta, or belongs to the release already. */
  readonly installed: readonly InstalledLayer[];
  /**
   * A folder for this alone; made where it is missing. What was fetched of another release is
   * removed from it.
   */
  readonly stage: string;
  tell(step: ObtainStep): void;
};

/** How a layer came. */
export type ObtainedLayer =
  /** It is installed as it is, in this folder. */
  | { readonly kind: "installed"; readonly folder: string }
  /** Its tar, verified and on the disk; `before`: by an earlier call. */
  | { readonly kind: "staged"; readonly tar: string; readonly by: "delta" | "full" | "before" };

/** All that a release takes. */
export type Obtained = Readonly<Record<Layer, ObtainedLayer>>;

/** What is larger first: where that cannot be had, nothing else is fetched in vain. */
const LAYERS: readonly Layer[] = ["runtime", "application"];

/** Why a delta comes to nothing, so that the whole is fetched; of these, what may be otherwise later. */
const IN_VAIN: ReadonlySet<ErrorCode> = new Set([
  "ota.malformed",
  "ota.length",
  "ota.hash",
  "ota.mixed",
  "ota.unknown-target",
  "ota.absent",
]);
const FOR_NOW: ReadonlySet<ErrorCode> = new Set(["ota.unknown-target", "ota.absent"]);

/**
 * Fetches all that the release of `manifest` takes, by deltas where one leads there from what is
 * installed. A delta that comes to nothing is never tried again, and the whole is fetched, once.
 * Resolves when all of it is there and is what was signed. Rejects with a `GatewayError` of the area
 * `ota`, or the reason of `signal`: what came is kept, and the next call goes on with it.
 */
export async function obtainRelease(order: ObtainOrder, signal: AbortSignal): Promise<Obtained> {
  const { installed, tell } = order;
  try {
    mkdirSync(order.stage, { recursive: true });
    const stage = new FetchStage(order.stage, order.trust);
    const useless = stage.uselessDeltas();
    const deltas = order.manifest.deltas.filter(({ sha256 }) => !useless.has(sha256));
    const manifest = { ...order.manifest, deltas };
    stage.dropOthers(manifest);
    const bases = await basesOf(installed, signal);
    const plan = chooseFetch(manifest, new Set(bases.keys()));
    const work: Work = { manifest, stage, plan, bases, tell: (step) => tell(step) };
    const wanted = await stillWanted(work, signal);
    tellPlan(work, wanted);
    const done = new Map<Layer, ObtainedLayer>();
    for (const layer of LAYERS) {
      const isWanted = wanted.includes(layer);
      done.set(layer, isWanted ? await fetchLayer(work, layer, signal) : asItIs(work, layer));
    }
    return Object.fromEntries(done) as Obtained;
  } catch (error) {
    signal.throwIfAborted();
    throw diskFault(error, "cannot keep what is fetched");
  }
}

type Work = Pick<ObtainOrder, "manifest" | "tell"> & {
  readonly stage: FetchStage;
  readonly plan: FetchPlan;
  readonly bases: Bases;
};

/** The layers that are neither installed nor in the stage. */
async function stillWanted(work: Work, signal: AbortSignal): Promise<readonly Layer[]> {
  const wanted: Layer[] = [];
  for (const layer of LAYERS) {
    if (work.plan.layers[layer].kind === "nothing") continue;
    if (!(await work.stage.hasTar(layer, work.manifest, signal))) wanted.push(layer);
  }
  return wanted;
}

function asItIs({ plan, bases, manifest, stage }: Work, layer: Layer): ObtainedLayer {
  const folder = bases.get(manifest[layer].tar.sha256)?.folder;
  if (plan.layers[layer].kind === "nothing" && folder !== undefined) {
    return { kind: "installed", folder };
  }
  return { kind: "staged", tar: stage.tarFile(layer, manifest), by: "before" };
}

/** Throws `ota.disk` where there is no room for what may be fetched and what becomes of it. */
function tellPlan({ plan, manifest, stage, tell }: Work, wanted: readonly Layer[]): void {
  let [bytes, bytesMax, roomBytes] = [0, 0, 0];
  for (const layer of wanted) {
    const fetch = plan.layers[layer];
    if (fetch.kind === "nothing") continue;
    const deltaBytes = fetch.kind === "delta" ? fetch.delta.length : 0;
    bytes += fetch.kind === "delta" ? deltaBytes : fetch.full.length;
    bytesMax += deltaBytes + fetch.full.length;
    roomBytes += fetch.full.length + manifest[layer].tar.length;
  }
  tell({ kind: "plan", bytes, bytesMax });
  checkRoom(stage.folder, roomBytes);
}

async function fetchLayer(work: Work, layer: Layer, signal: AbortSignal): Promise<ObtainedLayer> {
  const { plan, manifest, stage, tell } = work;
  const fetch = plan.layers[layer];
  const tar = stage.tarFile(layer, manifest);
  if (fetch.kind === "delta") {
    const code = await byDelta(work, layer, fetch, signal);
    if (code === null) return { kind: "staged", tar, by: "delta" };
    tell({ kind: "fallback", layer, code, length: fetch.full.length });
  }
  const whole = manifest[layer];
  const archive = await stage.fetch(whole, received(work, layer, whole.length), signal);
  await stage.makeTar(layer, manifest, archive, (out) => {
    return unpackArchive(archive, out, whole.tar, signal);
  });
  return { kind: "staged", tar, by: "full" };
}

/**
 * Null when the delta made the tar; else why it comes to nothing. A line that is slow or down is no
 * reason for the whole: more bytes would not come better.
 */
async function byDelta(
  work: Work,
  layer: Layer,
  { delta: { path }, baseSha256 }: Extract<Fetch, { readonly kind: "delta" }>,
  signal: AbortSignal,
): Promise<ErrorCode | null> {
  const { manifest, stage, bases } = work;
  const base = bases.get(baseSha256)?.tar;
  const told = manifest.deltas.find((delta) => delta.path === path);
  if (base === undefined || told === undefined) return "ota.malformed";
  try {
    const delta = await stage.fetch(told, received(work, layer, told.length), signal);
    await stage.makeTar(layer, manifest, delta, (out) => {
      return applyDelta({ base, delta, out }, manifest[layer].tar, signal);
    });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GatewayError) || !IN_VAIN.has(error.code)) throw error;
    if (!FOR_NOW.has(error.code)) stage.rememberUseless(told);
    return error.code;
  }
}

function received({ tell }: Work, layer: Layer, length: number): (bytes: number) => void {
  return (bytes) => tell({ kind: "received", layer, bytes, length });
}
