import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import test from "ava";
import { startChild, tempDir } from "../../test-rigs/processes/child.ts";
import { archivesIn } from "./built-release.ts";
import { fillFactory } from "./factory.ts";

const MAIN = join(import.meta.dirname, "main.ts");

/** An archive of `files`, as those of releases are. */
function archive(name: string, files: Readonly<Record<string, string>>): string {
  const dir = tempDir("archive");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, "in", path, ".."), { recursive: true });
    writeFileSync(join(dir, "in", path), text);
  }
  const file = join(dir, name);
  execFileSync("tar", ["--create", "--zstd", "--file", file, "--directory", join(dir, "in"), "."]);
  return file;
}

const GUARD = join(import.meta.dirname, "../install/boot-guard");
const HEAD = { version: "0.2.0", runtime: "node-24.21.0", builtAt: 1 };
const RUNTIME = { "bin/node": "", "runtime.json": "{}" };

function released(said: object): string {
  return archive("application.tar.zst", {
    "release.json": JSON.stringify(said),
    "bin/lifeline": "#!/bin/sh\n",
  });
}

test("an image that is ordered wrongly, or of archives that are not there, is refused with the reason", async (t) => {
  const out = tempDir("image");
  const gone = ["--application", join(out, "none"), "--runtime", join(out, "none"), "--out", out];
  const cases: readonly (readonly [readonly string[], RegExp, number])[] = [
    [[], /--release, or --application and --runtime are needed/, 2],
    [["--release", out], /latest\.release\.json/, 1],
    [["--colour", "red"], /--colour/, 2],
    [[...gone, "--epoch", "tomorrow"], /--epoch.* takes a whole number/, 2],
    [gone, /No such file/, 1],
  ];
  for (const [args, reason, code] of cases) {
    const child = startChild(process.execPath, [MAIN, ...args]);
    t.is(await child.exited, code);
    t.regex(child.lines.join("\n"), reason);
  }
  t.deepEqual(readdirSync(out), ["work"], "no image is left behind");
});

test("a new card has its release in a slot, with the runtime that it names", (t) => {
  const folder = join(tempDir("factory"), "factory");
  const application = released({
    version: "0.2.0",
    runtime: "node-24.21.0",
    builtAt: 1_790_000_000_500,
    hardware: ["rpi-arm64"],
  });
  const runtime = archive("runtime.tar.zst", RUNTIME);
  const made = fillFactory(folder, { application, runtime, anchor: null, guard: null });
  t.deepEqual(made, {
    release: "0.2.0",
    hardware: ["rpi-arm64"],
    builtAt: 1_790_000_000,
  });
  t.is(readlinkSync(join(folder, "current")), "releases/0.2.0");
  t.true(existsSync(join(folder, "current/runtime/bin/node")));
  t.deepEqual(readdirSync(join(folder, "releases")), ["0.2.0"]);
});

test("what is on a card can be read by the gateway's user, whatever the builder's umask", (t) => {
  const dir = tempDir("modes");
  const [application, runtime] = [released(HEAD), archive("runtime.tar.zst", RUNTIME)];
  const url = pathToFileURL(join(import.meta.dirname, "factory.ts")).href;
  const parts = JSON.stringify({ application, runtime, anchor: null, guard: GUARD });
  const fill = `(await import("${url}")).fillFactory("${dir}/factory", ${parts})`;
  // An umask is a process's, and a test shares its own with others.
  execFileSync("sh", ["-c", `umask 077; exec "${process.execPath}" --eval '${fill}'`]);
  const modes = Object.fromEntries(
    readdirSync(join(dir, "factory"), { recursive: true, withFileTypes: true })
      .filter((each) => !each.isSymbolicLink())
      .map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [relative(join(dir, "factory"), path), (statSync(path).mode & 0o777).toString(8)];
      }),
  );
  t.like(modes, {
    releases: "755",
    "releases/0.2.0": "755",
    "releases/0.2.0/release.json": "644",
    "runtimes/node-24.21.0/bin": "755",
    "boot-guard": "755",
  });
});

test("a new card's folder is what an installer leaves: nothing on trial, nothing in the journal, the anchor where one is given", (t) => {
  const folder = join(tempDir("factory"), "factory");
  const anchor = join(tempDir("anchor"), "1.root.json");
  writeFileSync(anchor, "{}");
  const runtime = archive("runtime.tar.zst", RUNTIME);
  fillFactory(folder, { application: released(HEAD), runtime, anchor, guard: GUARD });
  const names = ["anchor", "boot-guard", "current", "releases", "runtimes"];
  t.deepEqual(readdirSync(folder).toSorted(), names);
  t.is(readFileSync(join(folder, "anchor/root.json"), "utf8"), "{}");
});

test("the archives of a release are found by its manifest, and refused where they are others", (t) => {
  const folder = tempDir("release");
  const [app, node] = ["rpi-arm64/stable/app.tar.zst", "rpi-arm64/stable/node.tar.zst"];
  mkdirSync(join(folder, "rpi-arm64/stable"), { recursive: true });
  for (const path of [app, node]) writeFileSync(join(folder, path), path);
  const told = (path: string) => ({
    ...{ path, length: path.length, sha256: createHash("sha256").update(path).digest("hex") },
    tar: { length: 1, sha256: "0".repeat(64) },
  });
  const manifest = {
    ...{ v: 1, version: "0.2.0", counter: 1, hardware: ["rpi-arm64"], channel: "stable" },
    ...{ builtAt: 1, changes: { en: "", "zh-CN": "" }, application: told(app), deltas: [] },
    runtime: { ...told(node), name: "node-24.21.0" },
  };
  const list = join(folder, "rpi-arm64/stable/latest.release.json");
  writeFileSync(list, JSON.stringify(manifest));
  const found = { application: join(folder, app), runtime: join(folder, node) };
  t.deepEqual(archivesIn(folder, "stable"), found);
  writeFileSync(join(folder, node), "another");
  t.throws(() => archivesIn(folder, "stable"), { message: /its SHA-256 differs/ });
  t.throws(() => archivesIn(folder, "beta"), { code: "ENOENT" });
});

test("a release whose name leads elsewhere, or that cannot be started, makes no card", (t) => {
  const runtime = archive("runtime.tar.zst", RUNTIME);
  const made = (application: string) => () =>
    fillFactory(join(tempDir("factory"), "factory"), {
      application,
      runtime,
      anchor: null,
      guard: null,
    });
  t.throws(made(released({ ...HEAD, version: "../../etc" })), { message: /names no version/ });
  t.throws(made(released({ ...HEAD, runtime: "../node" })), { message: /names no version/ });
  t.throws(made(released({ version: "0.2.0" })), { message: /names no version/ });
  const bare = archive("bare.tar.zst", { "release.json": JSON.stringify(HEAD) });
  t.throws(made(bare), { message: /there is no bin\/lifeline/ });
});
