import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { FRAMINGS } from "../../../drivers/modbus/decode.ts";
import { parseWire, printWire } from "../../../drivers/wire-text.ts";
import { frameJson } from "../../../edge/cli/frame-json.ts";
import { listener, recordSummary } from "../../../edge/cli/record-view.ts";
import type { Lang } from "../../../edge/core/errors.ts";
import { toJson } from "../../../edge/core/json.ts";

const WIRE = { en: "wire.txt", "zh-CN": "wire.zh-CN.txt" } as const;

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

/** The capture in `text`, and the comments in front of it. */
function captureIn(text: string) {
  const capture = parseWire(text);
  if (typeof capture === "number") throw new Error(`line ${capture} is none of a capture`);
  const framing = FRAMINGS.find((each) => each === capture.framing);
  if (framing === undefined) throw new Error(`unknown framing ${capture.framing}`);
  const comments = text
    .split("\n")
    .filter((line) => line.startsWith("#"))
    .slice(1);
  return { ...capture, framing, comments };
}

/** The capture as text, with what each record means in `lang`. */
function explained(text: string, lang: Lang): string {
  const { comments, framing, records } = captureIn(text);
  const listen = listener(framing);
  const printed = printWire({ framing, records }, (record) =>
    recordSummary(record, listen(record), lang),
  );
  return printed.replace("\n", `\n${comments.map((line) => `${line}\n`).join("")}`);
}

/** What programs are told of each frame, a line each. */
function told(text: string): string {
  const { framing, records } = captureIn(text);
  const listen = listener(framing);
  const frames = records.flatMap((record) => listen(record));
  return frames.map((frame) => `${toJson({ framing, ...frameJson(frame, "en") })}\n`).join("");
}

for (const name of names) {
  const folder = join(import.meta.dirname, name);
  const text = readFileSync(join(folder, WIRE.en), "utf8");
  const expect = (file: string, actual: string) => {
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(join(folder, file), actual);
    return readFileSync(join(folder, file), "utf8");
  };

  for (const lang of ["en", "zh-CN"] as const) {
    if (!existsSync(join(folder, WIRE[lang]))) continue;
    test(`${name}: every line means in ${lang} what stands behind it`, (t) => {
      const actual = explained(text, lang);
      t.is(actual, expect(WIRE[lang], actual));
    });
  }

  test(`${name}: programs are told what is expected of every frame`, (t) => {
    const actual = told(text);
    t.is(actual, expect("expected.jsonl", actual));
  });
}

test("there are captures of every framing", (t) => {
  for (const framing of FRAMINGS) {
    t.true(
      names.some((name) => name.startsWith(framing.replace("modbus-", ""))),
      framing,
    );
  }
});
