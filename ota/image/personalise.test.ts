import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { firstBootIn } from "../../edge/core/first-boot.ts";
import { type PersonalFile, personalList } from "../../edge/provision/personal.ts";

const SCRIPT = join(import.meta.dirname, "root/usr/lib/lifeline/personalise");
const FILES = { "gateway.yaml": "gateway:\n  id: gw-1\n", claim: "ABCDE-FGHJK\n" };

/** A box with a card in it that holds `files`, and `list` as its list; none where that is null. */
function box(
  files: Readonly<Partial<Record<PersonalFile | "wifi.txt", string>>> = FILES,
  list: string | null = personalList("gw-1", FILES),
) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-personalise-"));
  const [card, system, config] = [join(dir, "card"), join(dir, "data"), join(dir, "etc")];
  const state = join(dir, "state");
  const folders = [join(card, "gateway"), system, config, state];
  for (const each of folders) mkdirSync(each, { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(card, "gateway", name), text);
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
    boot: () => {
      const done = spawnSync("sh", [SCRIPT, card, system, config, state], { encoding: "utf8" });
      return { code: done.status, told: done.stdout, stderr: done.stderr };
    },
  };
}

test("what is on a card is put in place, and told of", (t) => {
  const { boot, placed, report } = box();
  t.deepEqual(boot(), { code: 0, told: "Gateway 网关 gw-1\n", stderr: "" });
  const taken = ["gateway.yaml", "claim"];
  t.deepEqual(report(), { v: 1, outcome: "taken", gateway: "gw-1", taken, refused: [] });
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
