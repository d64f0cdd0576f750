import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { firstBootIn } from "../../edge/core/first-boot.ts";
import { type PersonalFile, personalList } from "../../edge/provision/personal.ts";
import { testAsRoot } from "../../test-rigs/debian/test-with.ts";
import { MAIN } from "../../test-rigs/processes/program.ts";

const SCRIPT = join(import.meta.dirname, "root/usr/lib/lifeline/personalise");
const FILES = { "gateway.yaml": "gateway:\n  id: gw-1\n", claim: "ABCDE-FGHJK\n" };

/** A box with a card in it that holds `files`, and `list` as its list; none where that is null. */
function box(
  files: Readonly<
    Partial<Record<PersonalFile | "wifi.txt" | "gateway.yml", string | Buffer>>
  > = FILES,
  list: string | null = personalList("gw-1", FILES),
) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-personalise-"));
  const [card, system, config] = [join(dir, "card"), join(dir, "data"), join(dir, "etc")];
  const state = join(dir, "state");
  const folders = [join(card, "gateway"), system, config, state];
  for (const each of folders) mkdirSync(each, { recursive: true });
  const put = (name: string, text: string | Buffer) =>
    writeFileSync(join(card, "gateway", name), text);
  for (const [name, text] of Object.entries(files)) put(name, text);
  if (list !== null) put("personal.json", list);
  return {
    put,
    take: (name: string) => rmSync(join(card, "gateway", name)),
    placed: (name: string) =>
      existsSync(join(config, name)) ? readFileSync(join(config, name), "utf8") : null,
    configure: (text: string) => writeFileSync(join(config, "gateway.yaml"), text),
    /** What the gateway is told of it. */
    report: () => firstBootIn(readFileSync(join(state, "first-boot.json"), "utf8")),
    boot: (env: NodeJS.ProcessEnv = process.env) => {
      const args = [SCRIPT, card, system, config, state];
      const done = spawnSync("sh", args, { encoding: "utf8", env });
      return { code: done.status, told: done.stdout, stderr: done.stderr };
    },
  };
}

test("what is on a card is put in place, and told of", (t) => {
  const { boot, placed, report } = box();
  t.deepEqual(boot(), { code: 0, told: "Gateway 网关 gw-1\n", stderr: "" });
  const taken = ["gateway.yaml", "claim"];
  t.deepEqual(report(), { v: 1, outcome: "taken", gateway: "gw-1", taken, refused: [], noted: [] });
  t.is(placed("gateway.yaml"), FILES["gateway.yaml"]);
  t.is(placed("claim"), FILES.claim);
});

test("files that a person put on a card without a list are taken", (t) => {
  const { boot, placed } = box({ "gateway.yaml": "gateway: { id: gw-2, name: Two }\n" }, null);
  t.is(boot().code, 0);
  t.is(placed("gateway.yaml"), "gateway: { id: gw-2, name: Two }\n");
});

test("an empty card is told of, and is no fault", (t) => {
  const { boot, report } = box({}, null);
  t.is(boot().code, 3);
  t.like(report(), { outcome: "empty", gateway: null });
});

test("once taken, a configuration that was changed since over the line is left alone", (t) => {
  const { boot, configure, placed, take } = box();
  boot();
  take("claim");
  configure("gateway: { id: gw-1, name: New }\n");
  t.is(boot().code, 0);
  t.is(placed("gateway.yaml"), "gateway: { id: gw-1, name: New }\n");
});

for (const [what, told, code, card] of [
  ["a damaged file", /claim is not what/, "changed", () => box({ ...FILES, claim: "ABCDE\n" })],
  [
    "an unknown file",
    /wifi\.txt is no file/,
    "unknown-file",
    () => box({ ...FILES, "wifi.txt": "secret" }),
  ],
  ["a list that is none", /personal\.json cannot/, "list-unreadable", () => box(FILES, "{")],
  ["a missing file", /gateway\.yaml is missing/, "missing", () => box({ claim: FILES.claim })],
  [
    "another id",
    /for gw-1, the card for gw-9/,
    "other-card",
    () => box(FILES, personalList("gw-9", FILES)),
  ],
] as const) {
  test(`${what} on a card is refused with the reason, and nothing is put in place`, (t) => {
    const { boot, placed, report } = card();
    const done = boot();
    t.is(done.code, 1);
    t.regex(done.told, told);
    t.like(report(), { outcome: "refused", taken: [] });
    t.true(report()?.refused.some((each) => each.code === code));
    t.is(placed("gateway.yaml"), null);
    t.is(placed("claim"), null);
  });
}

/** What people do to a card by hand, without the list that `lifeline flash` writes. */
const BY_HAND = { "gateway.yaml": FILES["gateway.yaml"], claim: FILES.claim };
const NETWORK = "[Match]\nType=ether\n[Network]\nAddress=10.1.1.7/24\n";

for (const [what, told, code, files] of [
  ["a configuration by another name", /gateway\.yml is no file/, "unknown-file", "gateway.yml"],
  ["an empty configuration", /gateway\.yaml is empty/, "empty", { "gateway.yaml": " \r\n" }],
  ["an empty claim", /claim is empty/, "empty", { claim: "" }],
  [
    "a configuration saved as UTF-16",
    /gateway\.yaml is not UTF-8/,
    "not-text",
    { "gateway.yaml": Buffer.from(`\ufeff${FILES["gateway.yaml"]}`, "utf16le") },
  ],
  [
    "a configuration of more than 1 MiB",
    /gateway\.yaml is longer than 1 MiB/,
    "too-big",
    { "gateway.yaml": `${FILES["gateway.yaml"]}#${"x".repeat(1_048_576)}` },
  ],
  [
    "network settings in another encoding",
    /wired\.network is not UTF-8/,
    "not-text",
    { "wired.network": Buffer.from(`${NETWORK}# \xb5\xd8\xd6\xb7\n`, "latin1") },
  ],
  [
    "network settings with a line that is none",
    /wired\.network, line 5:DNS: 10\.1\.1\.1/,
    "bad-network",
    { "wired.network": `${NETWORK}DNS: 10.1.1.1\n` },
  ],
  [
    "network settings for no card",
    /wired\.network has no section \[Match\]/,
    "bad-network",
    { "wired.network": "[Network]\nDHCP=yes\n" },
  ],
] as const) {
  test(`${what} is refused with the reason, and nothing is put in place`, (t) => {
    const { take, put, boot, placed, report } = box(BY_HAND, null);
    if (typeof files !== "string")
      for (const [name, text] of Object.entries(files)) put(name, text);
    else {
      take("gateway.yaml");
      put(files, FILES["gateway.yaml"]);
    }
    const done = boot();
    t.is(done.code, 1, done.told);
    t.regex(done.told, told);
    t.like(report(), { outcome: "refused", taken: [] });
    t.true(report()?.refused.some((each) => each.code === code));
    t.is(placed("gateway.yaml"), null);
  });
}

test("files beside the folder gateway are told of, and not passed over", (t) => {
  const { boot, put, report } = box({}, null);
  put("../gateway.yaml", FILES["gateway.yaml"]);
  const { code, told } = boot();
  t.is(code, 1);
  t.regex(told, /gateway\.yaml belongs into the folder gateway/);
  t.deepEqual(report()?.refused, [{ code: "misplaced", file: "gateway.yaml" }]);
});

test("what an editor of Windows writes is taken: CRLF, and a mark of UTF-8 at the beginning", (t) => {
  const { boot, put, placed } = box(BY_HAND, null);
  put("gateway.yaml", "\ufeffgateway:\r\n  id: gw-1\r\n");
  put("wired.network", `\ufeff${NETWORK.replaceAll("\n", "\r\n")}`);
  put("claim", "ABCDE-FGHJK\r\n");
  t.deepEqual(boot(), { code: 0, told: "Gateway 网关 gw-1\n", stderr: "" });
  t.not(placed("gateway.yaml"), null);
});

/** As `lifeline` of a release: the program of this checkout. */
const PROGRAM = join(mkdtempSync(join(tmpdir(), "lifeline-program-")), "lifeline");
writeFileSync(PROGRAM, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });

for (const [what, yaml, told] of [
  ["that is no YAML", "gateway: { id: gw-1\nbuses: [\n", /gateway\.yaml:\d+:\d+ +error/],
  [
    "with an unknown key",
    "gateway: { id: gw-1 }\nbusses: {}\n",
    /gateway\.yaml:2:1 +error +.*buses/,
  ],
  [
    "that names what the card does not bring",
    "gateway: { id: gw-1 }\nenrolment: { url: 'https://c', ca: /etc/lifeline/ca.pem }\n",
    /error +enrolment\.ca/,
  ],
] as const) {
  test(`a configuration ${what} is told with its line, and the one before it stays in force`, (t) => {
    const { boot, configure, put, placed, report } = box(BY_HAND, null);
    configure("gateway: { id: gw-1 }\n");
    put("gateway.yaml", yaml);
    const done = boot({ ...process.env, LIFELINE: PROGRAM });
    t.is(done.code, 1, done.told);
    t.regex(done.told, told);
    t.regex(done.told, /错误/);
    t.deepEqual(report()?.refused, [{ code: "invalid", file: "gateway.yaml" }]);
    t.is(placed("gateway.yaml"), "gateway: { id: gw-1 }\n");
  });
}

test("a configuration is judged with the authority that comes along, and once", (t) => {
  const { boot, put, placed } = box(BY_HAND, null);
  const yaml = "gateway: { id: gw-1 }\nenrolment: { url: 'https://c', ca: /etc/lifeline/ca.pem }\n";
  put("gateway.yaml", yaml);
  put("ca.pem", "PEM\n");
  t.like(boot({ ...process.env, LIFELINE: PROGRAM }), { code: 0 });
  t.is(placed("gateway.yaml"), yaml);
  const never = join(PROGRAM, "../never");
  writeFileSync(never, "#!/bin/sh\necho 'x:1:1  error  asked again'\n", { mode: 0o755 });
  t.like(boot({ ...process.env, LIFELINE: never }), { code: 0 });
});

test("what the start noted of the card itself goes along, and keeps nothing out", (t) => {
  const { boot, report } = box();
  const notes = join(mkdtempSync(join(tmpdir(), "lifeline-notes-")), "notes");
  writeFileSync(
    notes,
    "no-room the data partition is full 数据分区已满\nnot-in-place a folder: /opt\n",
  );
  t.is(boot({ ...process.env, NOTES: notes }).code, 0);
  t.like(report(), { outcome: "taken" });
  const [full, absent] = [
    { code: "no-room", about: "" },
    { code: "not-in-place", about: "/opt" },
  ];
  t.deepEqual(report()?.noted, [full, absent]);
});

testAsRoot("what systemd-networkd passes over is told by line, and the card is taken", (t) => {
  const { boot, put, report, take } = box(BY_HAND, null);
  put("wired.network", `${NETWORK}DHPC=yes\n`);
  const env = { ...process.env, JUDGE_NETWORK: join(SCRIPT, "../judge-network") };
  const { code, told } = boot(env);
  t.is(code, 0);
  t.regex(told, /wired\.network, line 行 5: Unknown key 'DHPC' in section \[Network\]/);
  t.like(report(), { outcome: "taken", noted: [{ code: "network-key" }] });
  t.regex(report()?.noted[0]?.about ?? "", /^line 5: Unknown key 'DHPC'/);
  take("wired.network");
  t.is(boot(env).code, 0);
  t.is(report()?.noted.length, 1, "it is in force until another takes its place");
  put("wired.network", NETWORK);
  t.is(boot(env).code, 0);
  t.deepEqual(report()?.noted, []);
});

test("a release, and a board, of another class than the card's is told, and keeps nothing out", (t) => {
  const { boot, put, report } = box();
  const folder = mkdtempSync(join(tmpdir(), "lifeline-hardware-"));
  const [release, board] = [join(folder, "release.json"), join(folder, "compatible")];
  writeFileSync(release, '{"v":1,"version":"0.2.0","hardware":["rpi-arm64","cm4"],"channel":"x"}');
  writeFileSync(board, "raspberrypi,4-model-b\0brcm,bcm2711\0");
  const env = { ...process.env, RELEASE: release, BOARD: board };
  put("personal.json", personalList("gw-1", FILES, "cm4"));
  t.is(boot(env).code, 0);
  t.deepEqual(report()?.noted, [], "one of its classes, and a board that it knows");
  put("personal.json", personalList("gw-1", FILES, "nanopi-r5"));
  writeFileSync(board, "friendlyarm,nanopi-r5s\0rockchip,rk3568\0");
  const { code, told } = boot(env);
  t.is(code, 0);
  t.regex(told, /other class of boards .*: gw-1: nanopi-r5; release 程序: rpi-arm64,cm4\n/);
  t.regex(told, /board 主板: friendlyarm,nanopi-r5s; image 镜像: raspberrypi\n/);
  t.like(report(), {
    outcome: "taken",
    noted: [{ code: "other-hardware" }, { code: "other-hardware" }],
  });
});

test("a name that no FAT should hold breaks no report", (t) => {
  const { boot, put, report } = box();
  put('a"b\\c\nd', "");
  t.is(boot().code, 1);
  t.deepEqual(report()?.refused, [{ code: "unknown-file", file: 'a"b\\cd' }]);
});

test("files for another gateway are refused, and those in place stay", (t) => {
  const { boot, configure, placed } = box();
  configure("gateway: { id: gw-7 }\n");
  const done = boot();
  t.is(done.code, 1);
  t.regex(done.told, /this box is gw-7/);
  t.is(placed("gateway.yaml"), "gateway: { id: gw-7 }\n");
  t.is(placed("claim"), null);
});
