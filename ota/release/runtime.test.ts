import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { gzipSync } from "node:zlib";
import test from "ava";
import { createTar } from "nanotar";
import { withoutSymbols } from "./elf.ts";
import { parseRuntime, RUNTIME_FILE } from "./manifest.ts";
import { unpackedRuntime } from "./runtime.ts";

/** The least executable: one stretch that is loaded, up to byte 200, and symbols behind it. */
function program(): Buffer {
  const elf = Buffer.alloc(300, 0xaa);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]).copy(elf);
  elf.writeBigUInt64LE(64n, 32);
  elf.writeBigUInt64LE(220n, 40);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeBigUInt64LE(100n, 64 + 8);
  elf.writeBigUInt64LE(100n, 64 + 32);
  return elf;
}

function packageOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return gzipSync(createTar(Object.entries(files).map(([name, data]) => ({ name, data }))));
}

const integrityOf = (bytes: Uint8Array) =>
  `sha512-${createHash("sha512").update(bytes).digest("base64")}`;

test("of Node's package the program and its licence are shipped, and listed", (t) => {
  const tgz = packageOf({
    "package/bin/node": program(),
    "package/LICENSE": Buffer.from("licence"),
    "package/include/node/node.h": Buffer.from("left out"),
  });
  const files = unpackedRuntime(tgz, "arm64", integrityOf(tgz));
  t.deepEqual(files.map(({ path, mode }) => `${mode} ${path}`).toSorted(), [
    "0644 LICENSE",
    `0644 ${RUNTIME_FILE}`,
    "0755 bin/node",
  ]);
  const list = files.find(({ path }) => path === RUNTIME_FILE);
  const { arch, files: listed } = parseRuntime(list?.bytes() ?? Buffer.of());
  t.is(arch, "arm64");
  t.is(listed["bin/node"]?.size, 200);
});

test("a package that is not the one expected, or lacks a file, is refused", (t) => {
  const tgz = packageOf({ "package/bin/node": program() });
  t.throws(() => unpackedRuntime(tgz, "arm64", integrityOf(Buffer.of())), {
    message: /not the one expected/,
  });
  t.throws(() => unpackedRuntime(tgz, "arm64", integrityOf(tgz)), { message: /lacks a file/ });
});

test("a program without its symbols keeps what is loaded, and one that is none is refused", (t) => {
  const own = readFileSync(process.execPath);
  const less = withoutSymbols(own);
  t.true(less.length <= own.length);
  t.deepEqual(less.subarray(64, 4_096), own.subarray(64, 4_096));
  t.throws(() => withoutSymbols(Buffer.from("#!/bin/sh\n")), { message: /no 64-bit program/ });
});
