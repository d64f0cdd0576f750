import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { testAsRoot } from "../../test-rigs/debian/test-with.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";

const SCRIPT = join(import.meta.dirname, "root/usr/lib/lifeline/prepare");
const DISK_BYTES = 12_582_912;

/**
 * What stands before the system's tools: the kernel may know no FAT, and a file has no partitions. With
 * `CUT=n` the power goes at the n-th tool that changes something.
 */
const CUT = `if [ -n "\${CUT:-}" ]; then
  n=$(($(cat "$RIG/steps") + 1)); echo $n >"$RIG/steps"
  [ $n -ne "$CUT" ] || { kill -9 $PPID; exit 1; }
fi
`;
const TOOLS: Readonly<Record<string, string>> = {
  sfdisk: "cat >/dev/null\n",
  partx: "",
  // Flushes every disk of this machine, and here proves nothing.
  sync: "",
  mount: `for each; do target=$each; done
case "$*" in
  *"-t vfat"*) exec /usr/bin/mount --bind "$RIG/card" "$target" ;;
  *"-t ext4 -o noatime"*) [ -z "\${WORN:-}" ] || exit 32 ;;
  *remount,rw*) [ -z "\${LOCKED:-}" ]; exit ;;
  *remount,ro*) exit ;;
esac
exec /usr/bin/mount "$@"
`,
  "mkfs.ext4": `[ -z "\${WORN:-}" ] || exit 1\nexec /usr/sbin/mkfs.ext4 -O ^metadata_csum -N 128 "$@"\n`,
  e2fsck: `[ -z "\${WORN:-}" ] || exit 8\nexec /usr/sbin/e2fsck "$@"\n`,
  ...Object.fromEntries(
    ["cp", "mv", "rm", "chown"].map((name) => [name, `exec /usr/bin/${name} "$@"\n`]),
  ),
};
const CUT_AT = ["mkfs.ext4", "cp", "mv", "rm", "chown"];

/** What a system finds that starts: a program, places that may be written to, a machine with a name. */
const PROBE = `cd "$PREPARE_AT"
cat opt/lifeline/current/release.json
for each in etc/lifeline var/lib/lifeline var/log/journal run; do echo x >$each/probe && rm $each/probe || echo "NOT WRITABLE $each"; done
stat -c %u:%a etc/lifeline var/lib/lifeline
grep -cxE '[0-9a-f]{32}' etc/machine-id
`;
const STARTED = "factory\n980:750\n980:750\n1\n";

/** A box with a card in it that was just written. */
function box() {
  const rig = tempDir("prepare");
  const [at, disk, card] = [join(rig, "at"), join(rig, "data.img"), join(rig, "card")];
  for (const each of ["run", "etc", "var", "opt/lifeline", "etc/lifeline"]) {
    mkdirSync(join(at, each), { recursive: true });
  }
  const factory = join(at, "usr/lib/lifeline/factory");
  mkdirSync(join(factory, "releases/1"), { recursive: true });
  writeFileSync(join(factory, "releases/1/release.json"), "factory\n");
  symlinkSync("releases/1", join(factory, "current"));
  writeFileSync(join(at, "etc/machine-id"), "");
  writeFileSync(disk, "");
  truncateSync(disk, DISK_BYTES);
  mkdirSync(card);
  writeFileSync(join(card, "new-card"), "");
  mkdirSync(join(rig, "tools"));
  for (const [name, text] of Object.entries(TOOLS)) {
    const file = join(rig, "tools", name);
    writeFileSync(file, `#!/bin/sh\n${CUT_AT.includes(name) ? CUT : ""}${text}`);
    chmodSync(file, 0o755);
  }
  /** Starts once, and looks with `probe` at what the system then finds. */
  const start = (env: Readonly<Record<string, string>> = {}, probe = PROBE) => {
    writeFileSync(join(rig, "steps"), "0");
    const body = `sh "${SCRIPT}" /dev/none; cp "$PREPARE_AT/run/lifeline-prepare" "$RIG/told"
export PATH="\${PATH#*:}"; { ${probe}\n}
awk -v at="$PREPARE_AT/" 'index($2, at) == 1 { print $2 }' /proc/mounts | tac | xargs -r umount`;
    const done = spawnSync("unshare", ["--mount", "--propagation", "private", "sh", "-c", body], {
      encoding: "utf8",
      env: {
        ...{ PATH: "/usr/sbin:/usr/bin", RIG: rig, PREPARE_AT: at, CONSOLE: "/dev/null" },
        ...{ PREPARE_TOOLS: `${join(rig, "tools")}:`, DATA_DEVICE: disk, ...env },
      },
    });
    const told = readFileSync(join(rig, "told"), "utf8").trim().split("\n");
    return { found: done.stdout, told: told.map((line) => line.split(" ")[0]).join(" ") };
  };
  const isNew = () => existsSync(join(card, "new-card"));
  return { start, disk, rig, isNew, reflash: () => writeFileSync(join(card, "new-card"), "") };
}

/** What is in the data partition, with who may do what, and since when. */
const LISTING = `cd "$PREPARE_AT/data" && find . -printf '%p %u %m %T@ %i\\n' | sort`;
const KEEP = `echo kept >"$PREPARE_AT/var/lib/lifeline/buffer"`;
const LOOK = `cat "$PREPARE_AT/var/lib/lifeline/buffer"`;

testAsRoot("a bare data partition is made, and a second start changes nothing", (t) => {
  const { start, isNew } = box();
  t.deepEqual(start(), { found: STARTED, told: "" });
  t.false(isNew());
  const first = start({}, LISTING);
  t.regex(first.found, /\.\/etc\/machine-id/);
  t.deepEqual(start({}, LISTING), first);
});

testAsRoot("a card that is written anew does not bring back its life before", (t) => {
  const { start, reflash } = box();
  start({}, KEEP);
  reflash();
  t.deepEqual(start(), { found: STARTED, told: "" });
  t.is(start({}, LOOK).found, "");
});

testAsRoot("a card that takes no word of being ready is not made anew at each start", (t) => {
  const { start, isNew } = box();
  t.like(start({ LOCKED: "yes" }, KEEP), { told: "card-unwritten" });
  t.true(isNew());
  t.deepEqual(start({ LOCKED: "yes" }, LOOK), { found: "kept\n", told: "card-unwritten" });
});

testAsRoot("a power cut at a step of the first start leaves a card that starts", (t) => {
  // Before the release is put in place; before the card is no new one any more; before a folder has its owner.
  for (const cut of [5, 6, 8]) {
    const { start, isNew, rig } = box();
    start({ CUT: `${cut}` }, ":");
    t.is(readFileSync(join(rig, "steps"), "utf8"), `${cut}\n`);
    t.deepEqual(start(), { found: STARTED, told: "" }, `step ${cut}`);
    t.false(isNew());
  }
});

testAsRoot("what was damaged is mended and told, and what was stored is there", (t) => {
  const { start, disk } = box();
  start({}, KEEP);
  // The superblock: its copies are what it is mended by.
  execFileSync("dd", [
    "if=/dev/zero",
    `of=${disk}`,
    "bs=1024",
    "seek=1",
    "count=1",
    "conv=notrunc",
    "status=none",
  ]);
  t.deepEqual(start({}, LOOK), { found: "kept\n", told: "data-damaged" });
  t.deepEqual(start({}, LOOK), { found: "kept\n", told: "" });
});

testAsRoot("what cannot be read any more is made anew, and told", (t) => {
  const { start, disk } = box();
  start();
  execFileSync("dd", [
    "if=/dev/urandom",
    `of=${disk}`,
    "bs=1M",
    "count=12",
    "status=none",
    "conv=notrunc",
  ]);
  t.deepEqual(start(), { found: STARTED, told: "data-damaged data-lost" });
});

testAsRoot("what a later system made is left as it is", (t) => {
  const { start, disk } = box();
  start({}, KEEP);
  const bytes = readFileSync(disk);
  // s_feature_incompat, a bit that nobody has given a meaning yet.
  bytes.writeUInt32LE((bytes.readUInt32LE(1024 + 0x60) | 0x4000_0000) >>> 0, 1024 + 0x60);
  writeFileSync(disk, bytes);
  t.deepEqual(start(), { found: STARTED, told: "data-later no-data" });
  t.true(readFileSync(disk).equals(bytes));
});

testAsRoot("a full data partition starts, with the release of the card if need be", (t) => {
  const { start } = box();
  const fill = `cd "$PREPARE_AT/data" && rm -rf opt state etc && mkdir full && dd if=/dev/zero of=fill bs=4096 2>/dev/null
i=0; while : >full/$i; do i=$((i + 1)); done 2>/dev/null`;
  start({}, fill);
  const { found, told } = start();
  t.is(told, "no-room");
  t.is(found.replaceAll(/NOT WRITABLE .*\n/g, ""), STARTED);
});

testAsRoot("a card that takes nothing any more goes on in memory with what is on it", (t) => {
  const { start } = box();
  start({}, KEEP);
  t.deepEqual(start({ WORN: "yes" }, LOOK), { found: "kept\n", told: "data-damaged data-worn" });
  t.deepEqual(start({ WORN: "yes" }), { found: STARTED, told: "data-damaged data-worn" });
});

testAsRoot("a card whose data partition cannot be made at all starts without one", (t) => {
  const { start, isNew } = box();
  t.deepEqual(start({ WORN: "yes" }), { found: STARTED, told: "no-data" });
  t.true(isNew(), "and the next start tries again");
});

testAsRoot("a key of SSH that was half written is made again, and nobody is asked", (t) => {
  const { start } = box();
  const put = `cd "$PREPARE_AT/data/ssh" && echo x >authorized_keys && : >host_key`;
  start({}, put);
  const key = `ssh-keygen -l -f "$PREPARE_AT/data/ssh/host_key" | grep -c ED25519; cat "$PREPARE_AT/data/ssh/host_key.pub"`;
  const { found, told } = start({}, key);
  t.regex(found, /^1\nssh-ed25519/);
  t.is(told, "");
  t.is(start({}, key).found, found);
});
