import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "ava";

/** What the linter cannot see. */
const root = join(import.meta.dirname, "..", "..");

/** Every file of the project: committed, or new and not ignored. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .filter((file) => existsSync(join(root, file)));

const read = (file: string) => readFileSync(join(root, file), "utf8");
const sources = files.filter((file) => /\.(ts|js|json|yaml|md|py|c)$/.test(file));
const tests = files.filter((file) => file.endsWith(".test.ts"));

test("no test is switched off or run alone", (t) => {
  const marks = /\btest\.(only|skip|todo|failing)\b|\.(only|skip)\(/;
  t.deepEqual(
    tests.filter((file) => file !== "test-rigs/tidy/tidy.test.ts" && marks.test(read(file))),
    [],
  );
});

test("only the rooms of the house and the usual files stand at the top", (t) => {
  const allowed =
    /^(edge|drivers|config|buffer|docs|ota|test-rigs)\/|^(package(-lock)?\.json|tsconfig\.json|README\.md|CHANGELOG\.md|LICENSE|ava\.config\.js|biome\.json|knip\.json|\.npmrc|\.gitignore|\.ci\/run)$/;
  t.deepEqual(
    files.filter((file) => !allowed.test(file)),
    [],
  );
});

test("every command of package.json explains itself and names what was typed wrongly: it reads its arguments by what all share", (t) => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const mains = Object.values(scripts).flatMap((script) => {
    return /(\S+main\.ts)\b/.exec(script)?.[1] ?? [];
  });
  t.true(mains.length > 15);
  const byItself = mains.filter((file) => {
    const text = read(file);
    const isShared = /\basked\(\{/.test(text) && /from "[./a-z]*\/asked\.ts"/.test(text);
    return !isShared || /\bparseArgs\b/.test(text) || /process\.argv(?!\.slice\(1\)\])/.test(text);
  });
  const others = byItself.filter((file) => file !== "edge/main.ts");
  t.deepEqual(others, [], "the gateway's own command line has its tests beside it");
});

test("the lock file names no download addresses", (t) => {
  t.false(/"resolved":/.test(read("package-lock.json")));
});

test("no unfinished work is marked in the sources", (t) => {
  const marks = /\b(TODO|FIXME|XXX)\b/;
  const own = "test-rigs/tidy/tidy.test.ts";
  t.deepEqual(
    sources.filter((file) => file !== own && marks.test(read(file))),
    [],
  );
});

test("every room has a page of at most a screen that says what lives there", (t) => {
  for (const room of ["edge", "drivers", "config", "buffer", "ota", "test-rigs"]) {
    const page = join(room, "README.md");
    t.true(files.includes(page), page);
    t.true(read(page).split("\n").length <= 60, `${page} is longer than a screen`);
  }
});

test("every module that runs in the gateway is loaded by a test beside it or in the rigs", (t) => {
  const tested = new Set<string>();
  const follow = (file: string) => {
    for (const [, path] of read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g)) {
      const target = join(dirname(file), path as string);
      if (tested.has(target) || !files.includes(target)) continue;
      tested.add(target);
      follow(target);
    }
  };
  // These are not imported but started as they are in the field.
  const started = [
    "edge/main.ts",
    "edge/world/firmata/main.ts",
    "buffer/worker.ts",
    "config/read-process.ts",
    "ota/release/main.ts",
    "ota/image/main.ts",
  ];
  for (const file of [...tests, ...started]) follow(file);
  const modules = files.filter(
    (file) =>
      /^(edge|drivers|config|buffer|ota)\/.*\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file),
  );
  t.deepEqual(
    modules.filter((file) => !tested.has(file) && !started.includes(file)),
    [],
  );
});

/** What `file` loads with itself: what is only imported for its types, or later, is not. */
function loads(file: string): readonly string[] {
  const imports = read(file).matchAll(/^(?:import|export)(?! type\b)[^;]*?\bfrom\s+"([^"]+)";/gms);
  return Array.from(imports, ([, from = ""]) =>
    from.startsWith(".") ? join(dirname(file), from) : from,
  );
}

test("a running gateway carries neither the schema of its configuration, nor TLS, HTTP or tables for people: each takes megabytes", (t) => {
  const loaded = new Set(["edge/cli/run.ts", "edge/cli/run-gateway.ts"]);
  for (const file of loaded) {
    if (file.endsWith(".ts")) for (const other of loads(file)) loaded.add(other);
  }
  t.true(loaded.has("mqtt/lib/client") && loaded.has("edge/acquire/bus-loop.ts"));
  const large = [
    "zod",
    "yaml",
    "jsep",
    "node:tls",
    "node:http",
    "node:https",
    "mqtt",
    "string-width",
  ];
  t.deepEqual(
    large.filter((name) => loaded.has(name)),
    [],
  );
});
