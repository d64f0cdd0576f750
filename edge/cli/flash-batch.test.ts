import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { SMALL_LAYOUT, smallImage } from "../../ota/image/small-image.ts";
import { MAIN } from "../../test-rigs/processes/program.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "lifeline-flash-batch-"));
const IMAGE = join(FOLDER, "small.img");
smallImage(IMAGE);
process.env.XDG_STATE_HOME = join(FOLDER, "state");
test.after.always(() => rmSync(FOLDER, { recursive: true }));

/** A command that is talked to takes its time on a machine that does much else. */
const END_MS = 240_000;

/** A table whose order is not that of its ids, with a template and what all cards get. */
function table(name: string) {
  const home = join(FOLDER, name);
  mkdirSync(join(home, "common"), { recursive: true });
  const [csv, form] = [join(home, "sites.csv"), join(home, "form.yaml")];
  writeFileSync(csv, "id,name,hardware\ngw-2,North,rpi-arm64\ngw-1,South,\n");
  writeFileSync(form, "gateway: { id: {{ id }} }\n");
  writeFileSync(join(home, "common/ca.pem"), "an authority\n");
  const make = ["--template", form, "--common", join(home, "common")];
  return { home, csv, make, slot: join(home, "slot.img"), cards: join(home, "sites/cards.jsonl") };
}

function started(args: readonly string[]): ChildProcess {
  const env = { ...process.env, LANG: "C", LC_ALL: "C" };
  return spawn(process.execPath, [MAIN, "flash", ...args], { env, timeout: END_MS });
}

/** Runs `lifeline flash`, and answers each question with the next of `answers`; then leaves. */
async function talk(args: readonly string[], answers: readonly (string | (() => string))[] = []) {
  const child = started(args);
  let [told, asked] = ["", 0];
  child.stdout?.on("data", (text) => {
    told += text;
  });
  child.stderr?.on("data", (text) => {
    told += text;
    for (; asked < (told.match(/ends\): |\[y\/N\] /g) ?? []).length; asked++) {
      const answer = answers[asked];
      if (answer === undefined) child.stdin?.end();
      else child.stdin?.write(`${typeof answer === "string" ? answer : answer()}\n`);
    }
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, told, asked };
}

function recorded(cards: string): readonly string[] {
  const lines = readFileSync(cards, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line).gateway);
}

function onCard(card: string, name: string): string {
  const args = ["-i", `${card}@@1M`, `::/gateway/${name}`];
  return spawnSync("mtype", args, { encoding: "utf8" }).stdout;
}

test("a table of sites becomes cards in the order of its labels, and a card that was not changed is not taken for the next", async (t) => {
  t.timeout(END_MS);
  const { home, csv, make, slot, cards } = table("order");
  const swap = () => {
    renameSync(slot, join(home, "first.img"));
    return "";
  };
  const { code, told } = await talk([IMAGE, slot, "--batch", csv, ...make], ["", "", swap]);
  t.is(code, 0, told);
  t.regex(told, /1 of 2: card for gw-2[\s\S]*the card in .* is that of gw-2, of this batch/);
  t.regex(told, /all 2 cards of the batch are written/);
  t.deepEqual(recorded(cards), ["gw-2", "gw-1"]);
  t.is(onCard(join(home, "first.img"), "gateway.yaml"), "gateway: { id: gw-2 }\n");
  t.is(onCard(slot, "gateway.yaml"), "gateway: { id: gw-1 }\n");
  t.is(onCard(slot, "ca.pem"), "an authority\n");
  t.is(JSON.parse(onCard(join(home, "first.img"), "personal.json")).hardware, "rpi-arm64");
  t.false(onCard(slot, "personal.json").includes("hardware"), "where the table does not say");
  t.true(existsSync(join(home, "sites/labels.pdf")));
});

test("a batch that was left goes on with the cards that are missing, and then is done", async (t) => {
  t.timeout(END_MS);
  const { csv, make, slot, cards } = table("left");
  const first = await talk([IMAGE, slot, "--batch", csv, ...make], ["", "q"]);
  t.is(first.code, 1);
  t.regex(first.told, /1 of 2 cards are written; left: gw-1/);
  // As the power goes while a line is written.
  writeFileSync(cards, `${readFileSync(cards, "utf8")}{"at":17,"gate`);
  rmSync(slot);
  const second = await talk([IMAGE, slot, "--batch", csv], [""]);
  t.is(second.code, 0, second.told);
  t.regex(second.told, /1 of 2 cards are written already[\s\S]*2 of 2: card for gw-1/);
  t.deepEqual(recorded(cards), ["gw-2", "gw-1"]);
  const third = await talk([IMAGE, slot, "--batch", csv]);
  t.like(third, { code: 0, asked: 0 });
  const anew = await talk([IMAGE, slot, "--batch", csv, "--force"], ["", "q"]);
  t.like(anew, { code: 1, asked: 2 });
  t.deepEqual(recorded(cards), ["gw-2", "gw-1", "gw-2"]);
});

test("whoever leaves without an answer has no card written", async (t) => {
  t.timeout(END_MS);
  const { csv, make, slot } = table("gone");
  const { code, told } = await talk([IMAGE, slot, "--batch", csv, "--yes", ...make]);
  t.is(code, 1);
  t.regex(told, /0 of 2 cards are written; left: gw-2, gw-1/);
  t.false(existsSync(slot));
});

for (const [what, signal, exit, said] of [
  ["Ctrl-C", "SIGINT", 1, /was left half written and does not start[\s\S]*left: gw-2, gw-1/],
  ["a kill", "SIGKILL", null, /1 of 2: card for gw-2/],
] as const) {
  test(`${what} while a card is written leaves a card that does not start, and a batch that goes on`, async (t) => {
    t.timeout(END_MS);
    const { home, csv, make, slot, cards } = table(`broken-off-${signal}`);
    const bytes = Buffer.concat([readFileSync(IMAGE), Buffer.alloc(64_000_000, "lifeline")]);
    const image = join(home, "slow.img");
    writeFileSync(`${image}.sha256`, createHash("sha256").update(bytes).digest("hex"));
    execFileSync("mkfifo", [image]);
    const child = started([image, slot, "--batch", csv, ...make]);
    child.stderr?.once("data", () => child.stdin?.write("\n"));
    let told = "";
    child.stderr?.on("data", (text) => {
      told += text;
    });
    const feed = createWriteStream(image);
    feed.on("error", () => {});
    feed.write(bytes.subarray(0, 32_000_000));
    while (!existsSync(slot) || statSync(slot).size < 20_000_000) await sleep(20);
    child.kill(signal);
    feed.end(bytes.subarray(32_000_000));
    const code = await new Promise((resolve) => child.once("close", resolve));
    t.is(code, exit, told);
    t.regex(told, said);
    const head = readFileSync(slot).subarray(0, 1_000_000);
    t.true(head.every((byte) => byte === 0));
    t.false(existsSync(cards));
    rmSync(image);
    writeFileSync(image, bytes);
    const swap = () => {
      rmSync(slot);
      return "";
    };
    const again = await talk([image, slot, "--batch", csv], ["", swap]);
    t.is(again.code, 0, again.told);
    t.deepEqual(recorded(cards), ["gw-2", "gw-1"]);
    t.is(onCard(slot, "gateway.yaml"), "gateway: { id: gw-1 }\n");
  });
}

test("a table without its folder, one that is wrong, and one with a site more are told", async (t) => {
  t.timeout(END_MS);
  const { home, csv, make, slot } = table("wrong");
  const unmade = await talk([IMAGE, slot, "--batch", csv]);
  t.is(unmade.code, 1);
  t.regex(unmade.told, /holds nothing for gw-2: add --template/);
  const images = ["--images", join(home, "images")];
  t.is((await talk([IMAGE, "--batch", csv, ...images, ...make])).code, 0);
  writeFileSync(join(home, "common/claim"), "not for all\n");
  const foreign = await talk([IMAGE, "--batch", csv, ...images, ...make]);
  t.is(foreign.code, 1);
  t.regex(foreign.told, /claim is no file that every card can get/);
  rmSync(join(home, "common/claim"));
  const form = join(home, "form.yaml");
  writeFileSync(form, "gateway: { id: {{ id }} }\nbusses: {}\n");
  const useless = await talk([IMAGE, "--batch", csv, ...images, ...make]);
  t.is(useless.code, 1);
  t.regex(useless.told, /form\.yaml, for gw-2: busses: /);
  writeFileSync(form, "gateway: { id: {{ id }} }\n");
  writeFileSync(csv, "id,name\ngw-2,North\ngw-3,West\ngw-2,Twice\n");
  t.regex((await talk([IMAGE, slot, "--batch", csv])).told, /line 4: gw-2 is on line 2 already/);
  writeFileSync(csv, "id,name\ngw-2,North\ngw-3,West\n");
  const more = await talk([IMAGE, "--batch", csv, ...images, ...make]);
  t.is(more.code, 0, more.told);
  t.regex(more.told, /1 of 2 cards are written already/);
  t.is(onCard(join(home, "images/gw-3.img"), "gateway.yaml"), "gateway: { id: gw-3 }\n");
});

/** Not one of those that programs are given when they ask for any. */
const LOOP = "/dev/loop217";
const hasLoops = process.getuid?.() === 0 && spawnSync("losetup", ["--all"]).status === 0;
/** Containers may have no loop devices. */
const testWithLoops = hasLoops ? test : () => {};

testWithLoops(
  "a card that is too small is told of with sizes, and one of another size is asked about",
  async (t) => {
    t.timeout(END_MS);
    const { home, csv, make, cards } = table("loop");
    t.teardown(() => spawnSync("losetup", ["--detach", LOOP]));
    const insert = (name: string, bytes: number) => () => {
      spawnSync("losetup", ["--detach", LOOP], { stdio: "ignore" });
      const file = join(home, name);
      writeFileSync(file, "");
      truncateSync(file, bytes);
      execFileSync("losetup", [LOOP, file]);
      return "";
    };
    const { bytes } = SMALL_LAYOUT;
    const answers = [
      insert("small", bytes - 1_048_576),
      insert("first", bytes),
      "",
      insert("large", 3 * bytes),
      "y",
    ];
    const args = [IMAGE, LOOP, "--batch", csv, "--fixed", LOOP, "--yes", ...make];
    const { code, told } = await talk(args, answers);
    t.is(code, 0, told);
    t.regex(told, /card\.refused[\s\S]*holds \d+ bytes, the image needs \d+/);
    t.regex(told, /is that of gw-2, of this batch[\s\S]*the card before held/);
    t.deepEqual(recorded(cards), ["gw-2", "gw-1"]);
    t.is(onCard(join(home, "large"), "gateway.yaml"), "gateway: { id: gw-1 }\n");
  },
);
