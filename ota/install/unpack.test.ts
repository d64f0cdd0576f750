import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";
import test, { type ExecutionContext } from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { FIRST } from "../../test-rigs/tuf/install-rig.ts";
import { codeOf } from "../../test-rigs/tuf/trust-rig.ts";
import { listOf } from "../release/application.ts";
import { type PackedFile, paddingOf, TAR_END, tarHeader, tarOf } from "../release/archive.ts";
import { parseRelease, RELEASE_FILE, textOf } from "../release/manifest.ts";
import { unpack } from "./unpack.ts";

/** A member of an archive as an attacker writes it: fields of its header (POSIX.1-1988, 10.1.1). */
type Member = {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly mode?: string;
  readonly type?: string;
  readonly link?: string;
  readonly prefix?: string;
  readonly size?: number;
};

function member({ path, bytes = Buffer.of(), mode, type, link, prefix, size }: Member): Buffer {
  const header = Buffer.from(tarHeader({ path: "x", mode: "0644", size: size ?? bytes.length }));
  header.fill(0, 0, 100).write(path, 0, "latin1");
  if (mode !== undefined) header.write(mode.padStart(7, "0"), 100, "latin1");
  if (type !== undefined) header.write(type, 156, "latin1");
  if (link !== undefined) header.write(link, 157, "latin1");
  if (prefix !== undefined) header.write(prefix, 345, "latin1");
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.fill(0, 148, 156).write(sum.toString(8).padStart(6, "0"), 148, "latin1");
  return Buffer.concat([header, bytes, Buffer.alloc(paddingOf(bytes.length))]);
}

const HONEST = tarOf(FIRST.application);

/** The honest archive with `members` before its end. */
function with_(...members: readonly Member[]): Buffer {
  const body = HONEST.subarray(0, HONEST.length - TAR_END.length);
  return Buffer.concat([body, ...members.map(member), TAR_END]);
}

/** Unpacks `tar` as if it had been signed; what it comes to, and what it left where. */
async function attempt(t: ExecutionContext, tar: Uint8Array, pieceBytes = 1_000) {
  const room = tempDir("unpack");
  writeFileSync(join(room, "victim"), "untouched");
  const folder = join(room, "slot.part");
  const pieces = Array.from({ length: Math.ceil(tar.length / pieceBytes) }, (_, n) =>
    tar.subarray(n * pieceBytes, (n + 1) * pieceBytes),
  );
  const signed = { length: tar.length, sha256: createHash("sha256").update(tar).digest("hex") };
  const code = await codeOf(unpack(pieces as never, signed, folder, RELEASE_FILE));
  t.deepEqual(readdirSync(room).toSorted(), ["slot.part", "victim"], "nothing outside");
  t.is(readFileSync(join(room, "victim"), "utf8"), "untouched");
  return { code, folder };
}

test("an archive becomes the files that its list names, with their rights, whatever the mask", async (t) => {
  const mask = process.umask(0o077);
  t.teardown(() => process.umask(mask));
  const { code, folder } = await attempt(t, HONEST);
  t.is(code, "accepted");
  const { files } = parseRelease(readFileSync(join(folder, RELEASE_FILE)));
  for (const [path, { size, mode }] of Object.entries(files)) {
    const stat = statSync(join(folder, path));
    t.is(stat.size, size);
    t.is(stat.mode & 0o7777, Number.parseInt(mode, 8), path);
  }
  t.is(statSync(join(folder, "app")).mode & 0o777, 0o755);
});

test("in whatever pieces it comes it is the same", async (t) => {
  for (const pieceBytes of [1, 511, 512, 1_000_000]) {
    t.is((await attempt(t, HONEST, pieceBytes)).code, "accepted");
  }
});

const KINDS: readonly (readonly [string, Member])[] = [
  ["a symbolic link", { path: "app/link", type: "2", link: "/etc/passwd" }],
  ["a link to what is beside the slot", { path: "app/link", type: "1", link: "../victim" }],
  ["a hard link within", { path: "app/link", type: "1", link: "app/main.js" }],
  ["a character device", { path: "app/null", type: "3" }],
  ["a block device", { path: "app/disk", type: "4" }],
  ["a pipe", { path: "app/pipe", type: "6" }],
  ["a folder", { path: "app/more/", type: "5", mode: "755" }],
  ["a contiguous file", { path: "app/odd", type: "7" }],
  ["an unknown kind", { path: "app/odd", type: "Z" }],
  ["attributes of pax", { path: "app/x", type: "x", bytes: Buffer.from("18 path=../victim\n") }],
  ["attributes of pax for all", { path: "app/x", type: "g", bytes: Buffer.from("12 uid=100\n") }],
  ["a long name of GNU", { path: "././@LongLink", type: "L", bytes: Buffer.from("../victim") }],
  ["a long link of GNU", { path: "././@LongLink", type: "K", bytes: Buffer.from("../victim") }],
];

for (const [what, odd] of KINDS) {
  test(`an archive that holds ${what} is refused`, async (t) => {
    t.is((await attempt(t, with_(odd))).code, "ota.malformed");
    // And with something behind it that it could be applied to.
    t.is((await attempt(t, with_(odd, { path: "app/b.js" }))).code, "ota.malformed");
  });
}

const PATHS: readonly (readonly [string, Omit<Member, "bytes">])[] = [
  ["leads out of the slot", { path: "../victim" }],
  ["leads out from deep within", { path: "app/../../victim" }],
  ["is absolute", { path: "/etc/lifeline/victim" }],
  ["is absolute by two slashes", { path: "//victim" }],
  ["begins with a dot", { path: ".hidden" }],
  ["has an empty step", { path: "app//b.js" }],
  ["has a step that is a dot", { path: "app/./b.js" }],
  ["has a backslash", { path: "app\\..\\victim" }],
  ["leads out by its prefix", { path: "victim", prefix: ".." }],
  ["is longer than any that is listed", { path: "a".repeat(90), prefix: "b".repeat(90) }],
  ["has a line break", { path: "app/a\nb" }],
  ["goes through a file", { path: "app/main.js/b.js" }],
  ["is a folder's", { path: "app" }],
  ["is the link to the runtime", { path: "runtime" }],
  ["is the list once more", { path: RELEASE_FILE }],
  ["is there twice", { path: "app/main.js" }],
  ["is not listed", { path: "app/b.js" }],
];

for (const [what, odd] of PATHS) {
  test(`an archive in which a name ${what} is refused`, async (t) => {
    t.is((await attempt(t, with_({ ...odd, bytes: Buffer.from("evil") }))).code, "ota.malformed");
  });
}

/** The honest files with another list, and with `change` in place of some. */
function relisted(change: (files: PackedFile[]) => PackedFile[]): Uint8Array {
  const [list, ...files] = FIRST.application;
  const release = parseRelease(list!.bytes());
  const text = textOf({ ...release, files: listOf(files) });
  return tarOf(change([{ path: RELEASE_FILE, mode: "0644", bytes: () => text }, ...files]));
}

test("a file that is missing, longer, other or of other rights than listed is refused", async (t) => {
  const all: readonly ((files: PackedFile[]) => PackedFile[])[] = [
    (files) => files.filter(({ path }) => path !== "app/main.js"),
    (files) => files.map((file) => ({ ...file, mode: "0755" })),
    (files) => files.filter(({ path }) => path !== RELEASE_FILE),
    (files) =>
      files.map((file) =>
        file.path === "app/main.js" ? { ...file, bytes: () => Buffer.from("evil") } : file,
      ),
  ];
  for (const change of all) t.is((await attempt(t, relisted(change))).code, "ota.malformed");
});

test("rights beyond those of releases are refused: that of root above all", async (t) => {
  for (const mode of ["4755", "2755", "1755", "777", "666", "000"]) {
    const odd = { path: "app/b.js", mode, bytes: Buffer.from("x") };
    t.is((await attempt(t, with_(odd))).code, "ota.malformed", mode);
  }
});

test("more files than any release has are refused before all of them are made", async (t) => {
  const many = Array.from({ length: 5_000 }, (_, n) => ({ path: `app/${n}.js` }));
  const { code, folder } = await attempt(t, with_(...many), 4_096);
  t.is(code, "ota.malformed");
  t.true(readdirSync(join(folder, "app")).length < 4_100);
});

test("an archive that is longer, shorter or other than was signed is refused", async (t) => {
  const room = tempDir("unpack");
  const folder = join(room, "slot.part");
  const sha256 = createHash("sha256").update(HONEST).digest("hex");
  const one = async (tar: Uint8Array, length: number) =>
    await codeOf(unpack([tar] as never, { length, sha256 }, folder, RELEASE_FILE));
  t.is(await one(HONEST, HONEST.length - 512), "ota.length");
  t.is(await one(HONEST, HONEST.length + 512), "ota.length");
  t.is(await one(HONEST.subarray(0, 2_048), HONEST.length), "ota.length");
  const changed = Buffer.from(HONEST);
  changed.write("evil", 600);
  t.is(await one(changed, HONEST.length), "ota.hash");
});

test("a size that lies is refused, and fills no disk", async (t) => {
  for (const size of [2 ** 30, 4_000_000]) {
    const { code, folder } = await attempt(t, with_({ path: "app/b.js", size }));
    t.is(code, "ota.malformed");
    t.false(existsSync(join(folder, "app/b.js")));
  }
});

test("an archive within an archive is not opened: a bomb stays closed", async (t) => {
  const { code, folder } = await attempt(t, gzipSync(HONEST));
  t.not(code, "accepted");
  t.regex(`${code}`, /^ota\./);
  t.false(existsSync(join(folder, "app")));
});

test("what is no archive is refused, and so is one that breaks off", async (t) => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(1024), Buffer.alloc(2_000, 7)]) {
    t.is((await attempt(t, bytes)).code, "ota.malformed");
  }
  t.is((await attempt(t, HONEST.subarray(0, 1_500))).code, "ota.malformed");
});

test("what lay where it is unpacked is gone", async (t) => {
  const room = tempDir("unpack");
  const folder = join(room, "slot.part");
  const sha256 = createHash("sha256").update(HONEST).digest("hex");
  const once = () =>
    unpack([HONEST] as never, { length: HONEST.length, sha256 }, folder, RELEASE_FILE);
  await once();
  writeFileSync(join(folder, "left-over"), "x");
  await once();
  t.false(existsSync(join(folder, "left-over")));
});
