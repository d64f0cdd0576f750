import { createHash } from "node:crypto";
import test from "ava";
import { type BundleShelf, bundling, PART_BYTES } from "./bundling.ts";
import { resultOf } from "./result.ts";

/** A shelf whose bundle is `made` once `finish` was called. */
function shelfOf(made: Uint8Array | Error) {
  const finish = Promise.withResolvers<void>();
  let bundle: Uint8Array | null = null;
  const shelf: BundleShelf = {
    make: async () => {
      await finish.promise;
      if (made instanceof Error) throw made;
      bundle = made;
    },
    read: () => Promise.resolve(bundle),
  };
  const settle = async () => {
    finish.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { shelf, settle };
}

test("the parts of a bundle make the whole again, as its hash says", async (t) => {
  const made = Uint8Array.from({ length: 2 * PART_BYTES + 7 }, (_, i) => i % 251);
  const { shelf, settle } = shelfOf(made);
  const bundles = bundling(shelf);
  t.like(bundles.make(), { outcome: "done", result: { state: "making" } });
  await settle();
  const parts: Buffer[] = [];
  for (let n = 0; n < 3; n++) {
    const { outcome, result } = await bundles.part(n);
    t.is(outcome, "done");
    const { sha256, bytes, parts: count, data } = result as Readonly<Record<string, unknown>>;
    t.deepEqual([bytes, count], [made.length, 3]);
    t.is(sha256, createHash("sha256").update(made).digest("hex"));
    parts.push(Buffer.from(data as string, "base64"));
  }
  t.deepEqual(Uint8Array.from(Buffer.concat(parts)), made);
  t.like(await bundles.part(3), { detail: "the bundle has 3 parts, from 0 to 2" });
});

test("while one is made neither another nor a part is to be had", async (t) => {
  const { shelf, settle } = shelfOf(new Uint8Array([1]));
  const bundles = bundling(shelf);
  bundles.make();
  t.like(bundles.make(), { outcome: "refused", code: "command.busy" });
  t.like(await bundles.part(0), { outcome: "refused", code: "command.busy" });
  await settle();
  t.like(await bundles.part(0), { outcome: "done" });
});

test("what could not be made says why, and there is no part of what never was", async (t) => {
  const { shelf, settle } = shelfOf(new Error("the disk is full"));
  const bundles = bundling(shelf);
  t.like(await bundles.part(0), { outcome: "failed", detail: "no bundle was made yet" });
  bundles.make();
  await settle();
  t.is((await bundles.part(0)).detail, "Error: the disk is full");
});

test("a part fits into a result", async (t) => {
  const { shelf, settle } = shelfOf(new Uint8Array(PART_BYTES).fill(255));
  const bundles = bundling(shelf);
  bundles.make();
  await settle();
  const under = { id: "x".repeat(64), key: "k".repeat(64), counter: 2 ** 53 - 1 };
  const told = { ...under, order: "bundle" as const, via: "centre" };
  const at = { gateway: "g".repeat(64), at: Date.now(), clock: "corrected" } as never;
  const { payload } = resultOf(told as never, await bundles.part(0), at);
  t.false("cut" in JSON.parse(payload));
});
