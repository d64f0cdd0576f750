import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { SignedRepository } from "./signed-repository.ts";

/** Simulated days lie behind: this repository is current by the machine's clock. */
const EXPIRES = "2199-01-01T00:00:00Z";

/** The static server and the folders that the public suite would make, and its ways to ask. */
class Suite {
  readonly repository = new SignedRepository();
  readonly folder = mkdtempSync(join(tmpdir(), "lifeline-tuf-"));
  readonly metadata = join(this.folder, "metadata");
  readonly targets = join(this.folder, "targets");
  readonly asked: string[] = [];
  #address = "";

  async open(t: ExecutionContext): Promise<this> {
    this.repository.expires = EXPIRES;
    this.repository.publishRoot({ version: 1 });
    this.repository.publish();
    const server = createServer((request, answer) => {
      const path = decodeURIComponent(request.url ?? "").slice(1);
      this.asked.push(path);
      const bytes = this.repository.files.get(path);
      if (bytes === undefined) answer.writeHead(404).end();
      else answer.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const folder of [this.metadata, this.targets]) mkdirSync(folder);
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
      rmSync(this.folder, { recursive: true });
    });
    return this;
  }

  async init(): Promise<number> {
    const root = join(this.folder, "initial_root.json");
    writeFileSync(root, this.repository.root(1));
    return await this.#run("--metadata-dir", this.metadata, "init", root);
  }

  refresh(): Promise<number> {
    return this.#run(...this.#where(), "refresh");
  }

  download(name: string, base = `${this.#address}/targets`): Promise<number> {
    const target = ["--target-name", name, "--target-dir", this.targets, "--target-base-url", base];
    return this.#run(...this.#where(), ...target, "download");
  }

  /** The same tree in a folder, as on a stick. */
  copyTo(stick: string): void {
    for (const [name, bytes] of this.repository.files) {
      mkdirSync(dirname(join(stick, name)), { recursive: true });
      writeFileSync(join(stick, name), bytes);
    }
    this.#address = `file://${stick}`;
  }

  versions(): Readonly<Record<string, number>> {
    const names = readdirSync(this.metadata).filter((name) => name.endsWith(".json"));
    const versions = names.map((name) => {
      return [name, JSON.parse(readFileSync(join(this.metadata, name), "utf8")).signed.version];
    });
    return Object.fromEntries(versions);
  }

  #where(): readonly string[] {
    return ["--metadata-url", `${this.#address}/metadata`, "--metadata-dir", this.metadata];
  }

  #run(...operands: readonly string[]): Promise<number> {
    const main = join(import.meta.dirname, "main.ts");
    return new Promise((resolve) => {
      const done = (error: { readonly code?: unknown } | null) => {
        resolve(error === null ? 0 : Number(error.code));
      };
      execFile(process.execPath, [main, ...operands], { timeout: 60_000 }, done);
    });
  }
}

test("init trusts the root that it is given, and asks nobody", async (t) => {
  const suite = await new Suite().open(t);
  t.is(await suite.init(), 0);
  t.deepEqual(suite.asked, []);
  t.deepEqual(
    readFileSync(join(suite.metadata, "root.json")),
    Buffer.from(suite.repository.root(1)),
  );
});

test("refresh asks in the order of the specification, and keeps what it verified", async (t) => {
  const suite = await new Suite().open(t);
  await suite.init();
  t.is(await suite.refresh(), 0);
  t.deepEqual(suite.asked, [
    "metadata/2.root.json",
    "metadata/timestamp.json",
    "metadata/1.snapshot.json",
    "metadata/1.targets.json",
  ]);
  const all = { "root.json": 1, "timestamp.json": 1, "snapshot.json": 1, "targets.json": 1 };
  t.deepEqual(suite.versions(), all);
  t.is(await suite.refresh(), 0);
  t.deepEqual(suite.asked.slice(4), ["metadata/2.root.json", "metadata/timestamp.json"]);
});

test("refresh answers 1 to a repository that is rolled back, and keeps what it had", async (t) => {
  const suite = await new Suite().open(t);
  suite.repository.publish();
  await suite.init();
  await suite.refresh();
  suite.repository.publishTimestamp({ version: 1 });
  t.is(await suite.refresh(), 1);
  t.like(suite.versions(), { "timestamp.json": 2 });
});

test("download leaves the target in its folder, once, and nothing where it is wrong", async (t) => {
  const suite = await new Suite().open(t);
  suite.repository.addTarget("path/to/a file.txt", Buffer.from("content"));
  suite.repository.publish();
  await suite.init();
  t.is(await suite.download("path/to/a file.txt"), 0);
  const files = () => readdirSync(suite.targets).filter((name) => !name.startsWith("."));
  t.deepEqual(
    files().map((name) => readFileSync(join(suite.targets, name), "utf8")),
    ["content"],
  );
  const count = suite.asked.filter((path) => path.startsWith("targets/")).length;
  t.is(await suite.download("path/to/a file.txt"), 0);
  t.is(suite.asked.filter((path) => path.startsWith("targets/")).length, count);
  suite.repository.addTarget("bad.txt", Buffer.from("signed"));
  suite.repository.publish();
  const bad = [...suite.repository.files.keys()].find((name) => name.endsWith(".bad.txt"))!;
  suite.repository.files.set(bad, Buffer.from("unsign"));
  t.is(await suite.download("bad.txt"), 1);
  t.is(await suite.download("nobody.txt"), 1);
  t.is(files().length, 1);
});

test("the same tree in a folder serves as well: whole, stale, half copied and foreign", async (t) => {
  const suite = await new Suite().open(t);
  suite.repository.addTarget("app.tar", Buffer.from("content"));
  suite.repository.publish();
  await suite.init();
  const stick = join(suite.folder, "stick with spaces");
  suite.copyTo(stick);
  t.is(await suite.download("app.tar"), 0);
  rmSync(join(stick, "metadata", "2.targets.json"));
  rmSync(join(suite.metadata, "targets.json"));
  t.is(await suite.refresh(), 1);
  suite.repository.publishTimestamp({ version: 1 });
  suite.copyTo(stick);
  t.is(await suite.refresh(), 1);
  const foreign = new SignedRepository();
  foreign.expires = EXPIRES;
  for (const [name, bytes] of foreign.publish().publish().publish().files) {
    writeFileSync(join(stick, name), bytes);
  }
  t.is(await suite.refresh(), 1);
  t.like(suite.versions(), { "timestamp.json": 2, "snapshot.json": 2 });
});

test("a call that is none answers 1", async (t) => {
  const suite = await new Suite().open(t);
  t.is(await suite.refresh(), 1);
});
