import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { zstdCompressSync } from "node:zlib";
import test from "ava";
import { smallImage } from "../../ota/image/small-image.ts";
import { MAIN } from "../../test-rigs/processes/program.ts";
import { personalList } from "../provision/personal.ts";
import { whyNoGateway } from "./flash-gateways.ts";
import { FlashState } from "./flash-state.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "lifeline-flash-cli-"));
const IMAGE = join(FOLDER, "small.img");
smallImage(IMAGE);
process.env.XDG_STATE_HOME = join(FOLDER, "state");

function gateway(batch: string, id: string, claim = "ABCDE\n", hardware: string | null = null) {
  const folder = join(FOLDER, batch, id);
  mkdirSync(folder, { recursive: true });
  const files = { "gateway.yaml": `gateway: { id: ${id} }\n`, claim: "ABCDE\n" };
  writeFileSync(join(folder, "gateway.yaml"), files["gateway.yaml"]);
  writeFileSync(join(folder, "claim"), claim);
  writeFileSync(join(folder, "personal.json"), personalList(id, files, hardware));
}

function flash(...args: readonly string[]) {
  const env = { ...process.env, LANG: "C", LC_ALL: "C" };
  const done = spawnSync(process.execPath, [MAIN, "flash", ...args], { env, encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

function onCard(card: string, name: string): string {
  return spawnSync("mtype", ["-i", `${card}@@1M`, `::/gateway/${name}`], { encoding: "utf8" })
    .stdout;
}

test("a batch becomes an image for each gateway, from a packed image", (t) => {
  gateway("batch", "gw-1");
  gateway("batch", "gw-2");
  const packed = join(FOLDER, "small.img.zst");
  writeFileSync(packed, zstdCompressSync(readFileSync(IMAGE)));
  const cards = join(FOLDER, "cards");
  const { code, out } = flash(
    packed,
    "--batch",
    join(FOLDER, "batch"),
    "--images",
    cards,
    "--json",
  );
  t.is(code, 0);
  t.deepEqual(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).gateway),
    ["gw-1", "gw-2"],
  );
  t.deepEqual(readdirSync(cards).toSorted(), ["gw-1.img", "gw-2.img"]);
  const records = readFileSync(join(FOLDER, "batch/cards.jsonl"), "utf8").trim().split("\n");
  t.deepEqual(
    records.map((line) => JSON.parse(line).gateway),
    ["gw-1", "gw-2"],
  );
  t.is(onCard(join(cards, "gw-2.img"), "gateway.yaml"), "gateway: { id: gw-2 }\n");
  t.is(onCard(join(cards, "gw-1.img"), "claim"), "ABCDE\n");
});

test("a gateway's folder that is damaged stops a card before anything is written", (t) => {
  gateway("damaged", "gw-1", "OTHER\n");
  const card = join(FOLDER, "damaged.img");
  const { code, err } = flash(IMAGE, card, "--gateway", join(FOLDER, "damaged/gw-1"));
  t.is(code, 1);
  t.regex(err, /card\.personal[\s\S]*claim is not what personal\.json says/);
  t.false(existsSync(card));
});

test("an image for other boards than the gateway's is refused before anything is written, and one that does not say is told of", (t) => {
  gateway("boards", "gw-1", "ABCDE\n", "nanopi-r5");
  const folder = join(FOLDER, "boards/gw-1");
  const card = join(FOLDER, "boards.img");
  const { code, err } = flash(IMAGE, card, "--gateway", folder);
  t.is(code, 1);
  t.regex(err, /card\.hardware[\s\S]*small\.img: rpi-arm64; gw-1: nanopi-r5/);
  t.false(existsSync(card));
  const unsaid = join(FOLDER, "unsaid.img");
  smallImage(unsaid, "x", { release: "0.1.0", hardware: [] });
  const told = flash(unsaid, card, "--gateway", folder);
  t.is(told.code, 0, told.err);
  t.regex(told.err, /does not say which boards it is for; gw-1 is a nanopi-r5/);
  gateway("boards", "gw-1", "ABCDE\n", "rpi-arm64");
  t.is(flash(IMAGE, card, "--gateway", folder).code, 0);
});

test("what is no image for a card leaves the card as it was", (t) => {
  const [image, card] = [join(FOLDER, "table.img"), join(FOLDER, "kept.img")];
  writeFileSync(image, "id,name\n");
  writeFileSync(card, "what is on it");
  const { code, err } = flash(image, card);
  t.is(code, 1);
  t.regex(err, /card\.image/);
  t.notRegex(err, /half written/);
  t.is(readFileSync(card, "utf8"), "what is on it");
});

test("a batch, a folder that is not there, and one of something else are no gateway's, each with what is meant", (t) => {
  gateway("several", "gw-1");
  const batch = join(FOLDER, "several");
  t.is(whyNoGateway(join(batch, "gw-1"), "en"), null);
  t.regex(whyNoGateway(batch, "en") ?? "", /a whole batch: .*--gateway .*several\/gw-1$/);
  t.regex(whyNoGateway(join(FOLDER, "none"), "en") ?? "", /there is no folder/);
  t.regex(whyNoGateway(join(FOLDER, "none"), "zh-CN") ?? "", /没有文件夹/);
});

test("a card that is being written is not written to a second time", (t) => {
  const card = join(FOLDER, "shared.img");
  const held = FlashState.of(card, IMAGE);
  if (typeof held === "number") return t.fail();
  using _ = held;
  const { code, err } = flash(IMAGE, card);
  t.is(code, 1);
  t.regex(err, new RegExp(`being written by process ${process.pid}`));
});

test("a device that is not there, an image that is not, and a wrong call are told", (t) => {
  t.regex(flash(IMAGE, "/dev/nowhere").err, /no whole disk/);
  t.regex(flash(join(FOLDER, "no.img"), join(FOLDER, "x.img")).err, /card\.image/);
  t.is(flash(IMAGE).code, 2);
});
