import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Version } from "@cyclonedx/cyclonedx-library/Spec";
import { JsonStrictValidator } from "@cyclonedx/cyclonedx-library/Validation";
import test from "ava";
import { startChild } from "../../test-rigs/processes/child.ts";
import { scratchDirectory } from "../../test-rigs/sim/scratch.ts";
import { buildRelease } from "./build.ts";
import { parseManifest } from "./manifest.ts";

test("a build is its archives, a manifest that names them, and the list of its parts", async (t) => {
  const out = scratchDirectory();
  t.teardown(() => rmSync(out, { recursive: true }));
  const { manifest, files } = await buildRelease(
    {
      root: join(import.meta.dirname, "../.."),
      arch: "arm64",
      hardware: "rpi-arm64",
      head: {
        version: "0.2.0",
        counter: 17,
        channel: "stable",
        builtAt: 1_790_000_000_000,
        runtime: "node-24.21.0",
        buffer: { writes: 4, opens: [3, 4] },
      },
      builtAt: "2026-09-21T14:13:20Z",
      changes: { en: "Mended.", "zh-CN": "修复。" },
      runtime: [{ path: "bin/node", mode: "0755", bytes: () => Buffer.from("node") }],
      level: 1,
    },
    out,
  );
  const read = (file: string) => readFileSync(join(out, file));
  t.deepEqual(parseManifest(read("rpi-arm64/stable/latest.release.json")), manifest);
  t.deepEqual(parseManifest(read("rpi-arm64/stable/0.2.0.release.json")), manifest);
  for (const { path, length, sha256 } of [manifest.application, manifest.runtime]) {
    t.is(read(path).length, length);
    t.is(createHash("sha256").update(read(path)).digest("hex"), sha256);
  }
  t.is(files.length, 5);

  const sbom = `${read("rpi-arm64/stable/lifeline-0.2.0.cdx.json")}`;
  t.is(await new JsonStrictValidator(Version.v1dot6).validate(sbom), null);
  const { components } = JSON.parse(sbom) as { readonly components: readonly { name: string }[] };
  const names = components.map(({ name }) => name);
  for (const part of ["better-sqlite3", "bindings-cpp", "sqlite", "node", "fonts-sc", "mqtt"]) {
    t.true(names.includes(part), part);
  }
  for (const tool of ["esbuild", "ava", "typescript"]) t.false(names.includes(tool), tool);
});

test("a build that is ordered wrongly says what it needs, and builds nothing", async (t) => {
  const main = join(import.meta.dirname, "main.ts");
  for (const [args, why] of [
    [[], /required option '--arch/],
    [["--arch", "mips"], /'mips' is invalid.* arm64, amd64/],
  ] as const) {
    const child = startChild(process.execPath, [main, ...args]);
    t.is(await child.exited, 2);
    t.regex(child.lines.join("\n"), why);
  }
});
