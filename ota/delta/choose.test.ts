import test from "ava";
import type { ReleaseManifest } from "../release/manifest.ts";
import { chooseFetch, withoutDelta } from "./choose.ts";

const APPLICATION = "aa".repeat(32);
const RUNTIME = "bb".repeat(32);
const BEFORE = "cc".repeat(32);
const LONG_BEFORE = "dd".repeat(32);
const RUNTIME_BEFORE = "ee".repeat(32);

function delta(
  layer: "application" | "runtime",
  baseSha256: string,
  length: number,
): ReleaseManifest["deltas"][number] {
  const path = `pi4/stable/${layer}-${length}.delta`;
  return { layer, from: "0.1.0", baseSha256, path, length, sha256: "00".repeat(32) };
}

const ARCHIVE = { sha256: "00".repeat(32) };

const MANIFEST: ReleaseManifest = {
  v: 1,
  version: "0.2.0",
  counter: 2,
  hardware: ["pi4"],
  channel: "stable",
  builtAt: 0,
  changes: { en: "", "zh-CN": "" },
  application: {
    ...ARCHIVE,
    path: "pi4/stable/lifeline-0.2.0.tar.zst",
    length: 1_000,
    tar: { length: 5_000, sha256: APPLICATION },
  },
  runtime: {
    ...ARCHIVE,
    name: "node-24.21.0",
    path: "pi4/stable/node-24.21.0.tar.zst",
    length: 9_000,
    tar: { length: 50_000, sha256: RUNTIME },
  },
  deltas: [
    delta("application", LONG_BEFORE, 300),
    delta("application", BEFORE, 200),
    delta("runtime", RUNTIME_BEFORE, 9_000),
  ],
};

const FULL = { path: "pi4/stable/lifeline-0.2.0.tar.zst", length: 1_000 };

test("a layer that is there is not fetched", (t) => {
  const plan = chooseFetch(MANIFEST, new Set([APPLICATION, RUNTIME]));
  t.deepEqual(plan.layers, { application: { kind: "nothing" }, runtime: { kind: "nothing" } });
  t.is(plan.bytesMax, 0);
});

test("where nothing is there, all is fetched whole", (t) => {
  const plan = chooseFetch(MANIFEST, new Set());
  t.deepEqual(plan.layers.application, { kind: "full", full: FULL });
  t.is(plan.bytes, 10_000);
  t.is(plan.bytesMax, 10_000);
});

test("the shortest delta from what is there is used, and the whole told for the worst", (t) => {
  const plan = chooseFetch(MANIFEST, new Set([LONG_BEFORE, BEFORE, RUNTIME]));
  t.deepEqual(plan.layers.application, {
    kind: "delta",
    delta: { path: "pi4/stable/application-200.delta", length: 200 },
    baseSha256: BEFORE,
    full: FULL,
  });
  t.is(plan.bytes, 200);
  t.is(plan.bytesMax, 1_200);
});

test("a delta that is as long as the whole is not used", (t) => {
  const plan = chooseFetch(MANIFEST, new Set([APPLICATION, RUNTIME_BEFORE]));
  t.is(plan.layers.runtime.kind, "full");
});

test("a delta of one layer is not used for the other", (t) => {
  const plan = chooseFetch(MANIFEST, new Set([RUNTIME_BEFORE, RUNTIME]));
  t.is(plan.layers.application.kind, "full");
});

test("a delta that came to nothing is followed by the whole, and that by nothing else", (t) => {
  const { application } = chooseFetch(MANIFEST, new Set([BEFORE, RUNTIME])).layers;
  const second = withoutDelta(application);
  t.deepEqual(second, { kind: "full", full: FULL });
  t.deepEqual(withoutDelta(second), second);
});
