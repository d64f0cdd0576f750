import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";

const NAMES = ["root", "timestamp", "snapshot", "targets"] as const;

/** What a power cut may leave of a file. */
const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  lost: (file) => rmSync(file),
  empty: (file) => truncateSync(file, 0),
  torn: (file) => truncateSync(file, 150),
};

/** Every choice of at least one of the four. */
const SUBSETS = Array.from({ length: 15 }, (_, index) => {
  return NAMES.filter((_, bit) => (((index + 1) >> bit) & 1) === 1);
});

/** A gateway that trusts root 2 and version 4 of the rest, and a mirror that stood still at 1 and 2. */
async function aged(t: ConstructorParameters<typeof TrustRig>[0]): Promise<TrustRig> {
  const repository = new SignedRepository().publish().publish();
  const old = new Map(repository.files);
  const rig = new TrustRig(t, repository, { old });
  repository.publishRoot();
  repository.publish().publish();
  await rig.refresh();
  return rig;
}

const OLD = { mirrors: [{ metadataUrl: "mem://old/metadata", targetsUrl: "mem://old/targets" }] };

for (const [damage, harm] of Object.entries(DAMAGES)) {
  for (const subset of SUBSETS) {
    test(`an old repository is refused with ${subset.join(", ")} ${damage}`, async (t) => {
      const rig = await aged(t);
      for (const name of subset) harm(join(rig.metadata, `${name}.json`));
      t.is(await codeOf(rig.refresh(OLD)), "ota.rollback");
      // Nor did the refusal leave anything behind that keeps the right one out.
      t.like((await rig.refresh()).versions, { root: 2, timestamp: 4, snapshot: 4 });
    });
  }
}

for (const copy of ["floor-a", "floor-b"]) {
  for (const damage of ["lost", "torn"]) {
    test(`an old repository is refused with all metadata and ${copy} ${damage}`, async (t) => {
      const rig = await aged(t);
      for (const name of NAMES) rmSync(join(rig.metadata, `${name}.json`));
      DAMAGES[damage]!(join(rig.folder, copy));
      t.is(await codeOf(rig.refresh(OLD)), "ota.rollback");
      await rig.refresh();
      const [one, other] = ["floor-a", "floor-b"].map((name) =>
        readFileSync(join(rig.folder, name)),
      );
      t.deepEqual(one, other);
    });
  }
}

test("with both copies of the floor lost, the metadata still refuse an old repository", async (t) => {
  const rig = await aged(t);
  for (const copy of ["floor-a", "floor-b"]) rmSync(join(rig.folder, copy));
  t.is(await codeOf(rig.refresh(OLD)), "ota.rollback");
});

test("a floor that was altered on the disk does not count", async (t) => {
  const rig = await aged(t);
  const file = join(rig.folder, "floor-a");
  writeFileSync(file, readFileSync(file, "utf8").replace('"timestamp":4', '"timestamp":9'));
  t.like((await rig.refresh()).versions, { timestamp: 4 });
});

test("a copy of the floor that the disk does not give back is made good by the other", async (t) => {
  const rig = await aged(t);
  for (const name of NAMES) rmSync(join(rig.metadata, `${name}.json`));
  rmSync(join(rig.folder, "floor-a"));
  mkdirSync(join(rig.folder, "floor-a"));
  t.is(await codeOf(rig.refresh(OLD)), "ota.rollback");
});

test("a disk that does not take or give what is to be kept is told as such", async (t) => {
  const rig = await aged(t);
  const inFile = join(rig.folder, "floor-a", "below-a-file");
  const floorFiles = [inFile, inFile] as const;
  t.is(await codeOf(rig.refresh({ floorFiles })), "ota.disk");
  t.throws(() => rig.client({ floorFiles }).confirm(3), { code: "ota.disk" });
  t.is(await codeOf(rig.refresh({ metadataDir: inFile })), "ota.disk");
});

test("a line that is cut while lost roots are fetched again does not look like an attack", async (t) => {
  const rig = await aged(t);
  rig.repository.publishRoot();
  await rig.refresh();
  rmSync(join(rig.metadata, "root.json"));
  rig.transport.lines.set("3.root.json", { partBytes: 100, partMs: 0, cutAfterBytes: 100 });
  t.is(await codeOf(rig.refresh()), "ota.unreachable");
  rig.transport.lines.clear();
  t.like((await rig.refresh()).versions, { root: 3 });
});

test("a refresh that is broken off leaves no half-written file where the metadata stand", async (t) => {
  const rig = await aged(t);
  writeFileSync(join(rig.metadata, ".stage", "timestamp.json"), "{");
  writeFileSync(join(rig.metadata, "snapshot.json.new"), "{");
  t.like((await rig.refresh()).versions, { timestamp: 4 });
  t.true(existsSync(join(rig.metadata, "timestamp.json")));
});
