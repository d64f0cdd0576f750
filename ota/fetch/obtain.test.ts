import { createCipheriv } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import {
  type Offering,
  offer,
  type SmallRelease,
  smallRelease,
  unpackInto,
} from "../../test-rigs/tuf/small-release.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";
import { makeDelta } from "../delta/make.ts";
import { compressed, tarOf } from "../release/archive.ts";
import type { ReleaseManifest } from "../release/manifest.ts";
import type { TrustSettings } from "../trust/trust-client.ts";
import { type ObtainStep, obtainRelease } from "./obtain.ts";

/** The same bytes in each run, and as hard to compress as chance. */
function noise(length: number): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(
    Buffer.alloc(length),
  );
}

const PROGRAM = noise(100_000);
const NODE = noise(300_000);
const BEFORE = smallRelease(1, PROGRAM, NODE);
const AFTER = smallRelease(2, Buffer.concat([PROGRAM, Buffer.from("fixed")]), NODE);

/** A gateway with BEFORE installed, and a repository that offers AFTER with a delta from it. */
class Rig {
  readonly trust: TrustRig;
  readonly manifest: ReleaseManifest;
  readonly told: ObtainStep[] = [];
  readonly slot: string;
  readonly runtime: string;
  readonly stage: string;

  constructor(t: ExecutionContext, offering: Offering = { from: BEFORE }, release = AFTER) {
    const repository = new SignedRepository();
    this.manifest = offer(repository, release, offering);
    this.trust = new TrustRig(t, repository);
    this.slot = unpackInto(join(this.trust.folder, "releases/0.1.0"), BEFORE.application);
    this.runtime = unpackInto(join(this.trust.folder, "runtimes/node-24.21.0"), BEFORE.runtime);
    this.stage = join(this.trust.folder, "stage");
  }

  obtain(manifest = this.manifest, change: Partial<TrustSettings> = {}) {
    const order = {
      trust: this.trust.client(change),
      manifest,
      installed: [
        { layer: "application", folder: this.slot },
        { layer: "runtime", folder: this.runtime },
      ] as const,
      stage: this.stage,
      tell: (step: ObtainStep) => void this.told.push(step),
    };
    return this.trust.passing(obtainRelease(order, this.trust.signal));
  }

  /** How much of these was sent. */
  get sentBytes(): number {
    return this.trust.transport.sentOf("/targets/");
  }

  /** The kinds of the files that were asked for, without metadata: `delta` or `zst`. */
  get asked(): readonly string[] {
    const targets = this.trust.transport.asked.filter((url) => url.includes("/targets/"));
    return targets.map((url) => url.slice(url.lastIndexOf(".") + 1));
  }

  fallbacks(): readonly ObtainStep[] {
    return this.told.filter(({ kind }) => kind === "fallback");
  }
}

function tarIn(layer: { readonly kind: string; readonly tar?: string }): Buffer {
  return readFileSync(layer.tar ?? "/nowhere");
}

const wanted = (release: SmallRelease) => Buffer.from(tarOf(release.application));

test("a small change comes as a small delta, and what is installed already is not fetched", async (t) => {
  const rig = new Rig(t);
  const { application, runtime } = await rig.obtain();
  t.deepEqual(runtime, { kind: "installed", folder: rig.runtime });
  t.like(application, { kind: "staged", by: "delta" });
  t.true(tarIn(application).equals(wanted(AFTER)));
  const { length } = rig.manifest.deltas[0]!;
  t.true(length < 2_000, `${length}`);
  const bytesMax = length + rig.manifest.application.length;
  t.deepEqual(rig.told[0], { kind: "plan", bytes: length, bytesMax });
  t.deepEqual(rig.told.at(-1), { kind: "received", layer: "application", bytes: length, length });
  t.is(readdirSync(rig.stage).length, 1, "nothing is left but the tar");
});

test("where nothing fits what is installed, all of it comes whole, what is larger first", async (t) => {
  const next = smallRelease(2, noise(50_000), noise(200_000), "node-24.22.0");
  const rig = new Rig(t, {}, next);
  const { application, runtime } = await rig.obtain();
  t.like(application, { kind: "staged", by: "full" });
  t.like(runtime, { kind: "staged", by: "full" });
  t.true(tarIn(application).equals(wanted(next)));
  t.true(tarIn(runtime).equals(tarOf(next.runtime)));
  t.deepEqual(
    rig.told.flatMap((step) => (step.kind === "received" ? [step.layer] : [])).at(0),
    "runtime",
  );
});

test("what was obtained before is not fetched again, unless it was altered since", async (t) => {
  const rig = new Rig(t);
  await rig.obtain();
  const before = rig.asked.length;
  const { application } = await rig.obtain();
  t.like(application, { kind: "staged", by: "before" });
  t.is(rig.asked.length, before);
  t.deepEqual(rig.told.at(-1), { kind: "plan", bytes: 0, bytesMax: 0 });
  const file = application.kind === "staged" ? application.tar : "";
  writeFileSync(file, Buffer.from(wanted(AFTER)).fill(0, 600, 700));
  t.like((await rig.obtain()).application, { by: "delta" });
  t.true(readFileSync(file).equals(wanted(AFTER)));
});

test("what lies in the stage of another release is removed", async (t) => {
  const rig = new Rig(t);
  mkdirSync(join(rig.stage, "folder"), { recursive: true });
  writeFileSync(join(rig.stage, ".pi4%2Fstable%2Fother.tar.zst.0123.part"), "part");
  writeFileSync(join(rig.stage, "application-0123.tar"), "tar");
  await rig.obtain();
  t.is(readdirSync(rig.stage).length, 1);
});

test("a slot that was altered is no base: the whole comes, and no delta is fetched", async (t) => {
  const rig = new Rig(t);
  writeFileSync(join(rig.slot, "app/main.js"), noise(100_000).fill(1, 5, 6));
  t.like((await rig.obtain()).application, { kind: "staged", by: "full" });
  t.false(rig.asked.includes("delta"));
  for (const damage of ["", "{}"]) {
    const other = new Rig(t);
    writeFileSync(join(other.slot, "release.json"), damage);
    t.like((await other.obtain()).application, { kind: "staged", by: "full" });
  }
});

/** Deltas that are signed for and lead elsewhere, each with the reason that is told. */
const VAIN: readonly (readonly [string, string, (built: Uint8Array) => Uint8Array])[] = [
  ["leads from another base", "ota.malformed", deltaFromAnother],
  [
    "makes other bytes of the same length",
    "ota.hash",
    () => deltaTo((tar) => tar.fill(1, 600, 650)),
  ],
  ["makes too few bytes", "ota.length", () => deltaTo((tar) => tar.subarray(512))],
  ["makes too many bytes", "ota.length", () => deltaTo((tar) => Buffer.concat([tar, tar]))],
  ["is a bomb", "ota.length", () => deltaTo(() => Buffer.alloc(80_000_000))],
  ["is no delta", "ota.malformed", () => noise(900)],
  ["is cut short", "ota.malformed", (built) => built.subarray(0, built.length - 3)],
];

/** From what is not installed, and as long. */
function deltaFromAnother(): Uint8Array {
  const base = Buffer.from(tarOf(BEFORE.application));
  const other = Buffer.concat([base.subarray(50_000), base.subarray(0, 50_000)]);
  return makeDelta(other, tarOf(AFTER.application), 3);
}

/** To what was not signed. */
function deltaTo(change: (tar: Buffer) => Uint8Array): Uint8Array {
  return makeDelta(tarOf(BEFORE.application), change(wanted(AFTER)), 3);
}

for (const [what, code, made] of VAIN) {
  test(`a delta that ${what} is left at what was signed; the whole is fetched once`, async (t) => {
    const instead: Offering["instead"] = (name, built) => (name === "delta" ? made(built) : built);
    const rig = new Rig(t, { from: BEFORE, instead });
    const { application } = await rig.obtain();
    t.like(application, { kind: "staged", by: "full" });
    t.true(tarIn(application).equals(wanted(AFTER)));
    const { length } = rig.manifest.application;
    t.deepEqual(rig.fallbacks(), [{ kind: "fallback", layer: "application", code, length }]);
    t.deepEqual(rig.asked, ["delta", "zst"]);
    const [plan] = rig.told;
    t.true(plan?.kind === "plan" && rig.sentBytes <= plan.bytesMax, "within what was told before");
  });
}

test("a delta that came to nothing is not fetched a second time, whatever came after it", async (t) => {
  const rig = new Rig(t, {
    from: BEFORE,
    instead: (name, built) => (name === "delta" ? noise(900) : built),
  });
  rig.trust.transport.lines.set(".zst", { partBytes: 1, partMs: 1_000 });
  t.is(await codeOf(rig.obtain()), "ota.slow");
  rig.trust.transport.lines.clear();
  t.like((await rig.obtain()).application, { kind: "staged", by: "full" });
  t.is(rig.asked.filter((name) => name === "delta").length, 1);
});

test("a line that is down under a delta does not make it fetch the whole", async (t) => {
  const rig = new Rig(t);
  rig.trust.transport.lines.set(".delta", { partBytes: 1, partMs: 86_400_000 });
  t.is(await codeOf(rig.obtain()), "ota.slow");
  t.false(rig.asked.includes("zst"));
  t.deepEqual(rig.fallbacks(), []);
});

test("a delta that no mirror has is passed over for the whole, and asked for again another time", async (t) => {
  const rig = new Rig(t);
  const name = [...rig.trust.repository.files.keys()].find((each) => each.endsWith(".delta"))!;
  rig.trust.repository.files.delete(name);
  t.like((await rig.obtain()).application, { by: "full" });
  t.like(rig.fallbacks()[0], { code: "ota.absent" });
});

test("an archive that becomes more than was signed is left there, and nothing is kept of it", async (t) => {
  for (const [bytes, code] of [
    [Buffer.alloc(300_000_000), "ota.length"],
    [wanted(AFTER).subarray(512), "ota.length"],
    [wanted(AFTER).fill(1, 600, 650), "ota.hash"],
  ] as const) {
    const instead: Offering["instead"] = (name, built) =>
      name === "application" ? compressed(bytes, 1) : built;
    const rig = new Rig(t, { instead });
    t.is(await codeOf(rig.obtain()), code);
    t.deepEqual(readdirSync(rig.stage), []);
    t.deepEqual(rig.trust.repository.versions.targets, 1);
  }
});

test("an archive that is none, or reaches back too far for the memory of a gateway, is refused", async (t) => {
  // A window of 2^27 bytes, and one raw block of 5 (RFC 8878, 3.1.1).
  const far = Buffer.from("28b52ffd0088290000abcdeabcde", "hex");
  for (const bytes of [noise(2_000), far]) {
    const instead: Offering["instead"] = (name, built) => (name === "application" ? bytes : built);
    t.is(await codeOf(new Rig(t, { instead }).obtain()), "ota.malformed");
  }
});

test("a release whose manifest names another file than was signed under the name is refused", async (t) => {
  const rig = new Rig(t, {});
  const application = { ...rig.manifest.application, sha256: "0".repeat(64) };
  t.is(await codeOf(rig.obtain({ ...rig.manifest, application })), "ota.mixed");
  t.false(rig.asked.includes("zst"));
});

test("a release of which one part is withheld is not obtained", async (t) => {
  const next = smallRelease(2, noise(50_000), noise(200_000), "node-24.22.0");
  const rig = new Rig(t, {}, next);
  const { files } = rig.trust.repository;
  files.delete([...files.keys()].find((each) => each.includes("lifeline-"))!);
  t.is(await codeOf(rig.obtain()), "ota.absent");
});

test("a release that the disk has no room for is refused before any of it is fetched", async (t) => {
  const rig = new Rig(t, {});
  const tar = { ...rig.manifest.application.tar, length: 2 ** 50 };
  const manifest = { ...rig.manifest, application: { ...rig.manifest.application, tar } };
  t.is(await codeOf(rig.obtain(manifest)), "ota.disk");
  t.deepEqual(rig.asked, []);
});
