import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { startChild, tempDir } from "../../test-rigs/processes/child.ts";
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
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /--application and --runtime are needed/],
    [["--colour", "red"], /--colour/],
    [[...gone, "--epoch", "tomorrow"], /--epoch takes Unix seconds/],
    [gone, /No such file/],
  ];
  for (const [args, reason] of cases) {
    const child = startChild(process.execPath, [MAIN, ...args]);
    t.is(await child.exited, 1);
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
  });
  const runtime = archive("runtime.tar.zst", RUNTIME);
  const made = fillFactory(folder, { application, runtime, anchor: null, guard: null });
  t.deepEqual(made, { release: "0.2.0", builtAt: 1_790_000_000 });
  t.is(readlinkSync(join(folder, "current")), "releases/0.2.0");
  t.true(existsSync(join(folder, "current/runtime/bin/node")));
  t.deepEqual(readdirSync(join(folder, "releases")), ["0.2.0"]);
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
  const head = { version: "0.2.0", runtime: "node-24.21.0", builtAt: 1 };
  t.throws(made(released({ ...head, version: "../../etc" })), { message: /names no version/ });
  t.throws(made(released({ ...head, runtime: "../node" })), { message: /names no version/ });
  t.throws(made(released({ version: "0.2.0" })), { message: /names no version/ });
  const bare = archive("bare.tar.zst", { "release.json": JSON.stringify(head) });
  t.throws(made(bare), { message: /there is no bin\/lifeline/ });
});
