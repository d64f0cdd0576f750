import test from "ava";
import { GatewayError } from "../../edge/core/errors.ts";
import {
  CONTENTS_MAX_BYTES,
  MANIFEST_MAX_BYTES,
  parseManifest,
  parseRelease,
  parseRuntime,
  textOf,
} from "./manifest.ts";

const SHA = "ab".repeat(32);

const CONTENTS = {
  v: 1,
  version: "0.2.0",
  counter: 17,
  hardware: ["rpi-arm64"],
  channel: "stable",
  builtAt: 1_790_000_000_000,
  runtime: "node-24.21.0",
  buffer: { writes: 4, opens: [3, 4] },
  files: { "app/edge/main.js": { sha256: SHA, size: 12, mode: "0644" } },
} as const;

const ARCHIVE = { path: "rpi-arm64/stable/lifeline-0.2.0.tar.zst", length: 9, sha256: SHA };
const TAR = { length: 2048, sha256: SHA };

const MANIFEST = {
  v: 1,
  version: "0.2.0",
  counter: 17,
  hardware: ["rpi-arm64"],
  channel: "stable",
  builtAt: 1_790_000_000_000,
  changes: { en: "Mended.", "zh-CN": "修复。" },
  application: { ...ARCHIVE, tar: TAR },
  runtime: {
    ...ARCHIVE,
    path: "rpi-arm64/stable/node-24.21.0.tar.zst",
    tar: TAR,
    name: "node-24.21.0",
  },
  deltas: [
    {
      layer: "application",
      from: "0.1.0",
      baseSha256: SHA,
      path: "rpi-arm64/stable/lifeline-0.1.0-0.2.0.delta",
      length: 5,
      sha256: SHA,
    },
  ],
} as const;

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** Where the reading of `value` says that it is wrong. */
function refusal(read: (bytes: Uint8Array) => unknown, value: unknown): string {
  try {
    read(bytesOf(value));
  } catch (error) {
    return error instanceof GatewayError ? `${error.code} ${error.message}` : "no operating error";
  }
  return "accepted";
}

test("what is written is read back, and written again the same", (t) => {
  t.deepEqual(parseRelease(textOf(CONTENTS)), CONTENTS);
  t.deepEqual(parseManifest(textOf(MANIFEST)), MANIFEST);
  t.deepEqual(textOf(parseManifest(textOf(MANIFEST))), textOf(MANIFEST));
  const runtime = { v: 1, name: "node-24.21.0", arch: "arm64", files: CONTENTS.files } as const;
  t.deepEqual(parseRuntime(textOf(runtime)), runtime);
});

test("what a later build adds is left out", (t) => {
  t.deepEqual(parseManifest(bytesOf({ ...MANIFEST, mood: "good" })), MANIFEST);
});

test("a file of a release lies below its slot, whatever its name says", (t) => {
  const [file] = Object.values(CONTENTS.files);
  const bad = [
    "../etc/passwd",
    "/etc/passwd",
    "app/../../x",
    "app//x",
    "app/./x",
    "app/.ssh",
    "app\\x",
    "app/",
    "",
    "a\nb",
    `app/${"x".repeat(100)}`,
  ];
  for (const path of bad) {
    const files = JSON.parse(`{${JSON.stringify(path)}:${JSON.stringify(file)}}`);
    const told = refusal(parseRelease, { ...CONTENTS, files });
    t.regex(told, /^ota.malformed release.json is wrong at files/, path);
  }
  t.is(refusal(parseRelease, { ...CONTENTS, files: { "app/@a+b/c_d-1.0.js": file } }), "accepted");
  const text = JSON.stringify({ ...CONTENTS, files: { a: file } }).replace('"a"', '"__proto__"');
  t.deepEqual(Object.entries(parseRelease(Buffer.from(text)).files), []);
});

test("a version, a counter, a hash and rights are held to their form", (t) => {
  const [file] = Object.values(CONTENTS.files);
  const wrong: readonly (readonly [string, object])[] = [
    ["v", { v: 2 }],
    ["version", { version: "../0.2.0" }],
    ["version", { version: "0.2" }],
    ["counter", { counter: 0 }],
    ["counter", { counter: 1.5 }],
    ["hardware", { hardware: [] }],
    ["channel", { channel: "sta/ble" }],
    ["runtime", { runtime: "node-24.21.0/../x" }],
    ["files.a.mode", { files: { a: { ...file, mode: "4755" } } }],
    ["files.a.sha256", { files: { a: { ...file, sha256: "AB".repeat(32) } } }],
    ["files.a.size", { files: { a: { ...file, size: -1 } } }],
  ];
  for (const [at, change] of wrong) {
    const told = refusal(parseRelease, { ...CONTENTS, ...change });
    t.true(told.startsWith(`ota.malformed release.json is wrong at ${at}:`), told);
  }
});

test("the archives and deltas of a release are targets of a hardware class and channel", (t) => {
  for (const path of ["lifeline.tar.zst", "a/b/../c", "/a/b/c", "a/b/c/d", "a//c"]) {
    const told = refusal(parseManifest, {
      ...MANIFEST,
      application: { ...MANIFEST.application, path },
    });
    t.regex(told, /wrong at application.path/, path);
  }
});

test("what is too long, no text or no JSON is refused before it is looked at", (t) => {
  const long = (bytes: number) => new Uint8Array(bytes + 1).fill(0x20);
  const code = { instanceOf: GatewayError, code: "ota.malformed" };
  t.throws(() => parseManifest(long(MANIFEST_MAX_BYTES)), { ...code, message: /longer/ });
  t.throws(() => parseRelease(long(CONTENTS_MAX_BYTES)), { ...code, message: /longer/ });
  t.throws(() => parseManifest(Buffer.of(0x22, 0xff, 0x22)), code);
  t.throws(() => parseManifest(Buffer.from("{")), code);
  const many = Object.fromEntries(
    Array.from({ length: 4_001 }, (_, index) => [`a${index}`, CONTENTS.files["app/edge/main.js"]]),
  );
  t.regex(refusal(parseRelease, { ...CONTENTS, files: many }), /more than 4000 files/);
});
