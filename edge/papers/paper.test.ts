import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import type { WallMs } from "../core/time.ts";
import { type Cell, type Paper, printed, type Section } from "./paper.ts";

/** A paper with `sections`, and defaults for the rest. */
function paperOf(sections: readonly Section[], more: Partial<Paper> = {}): Paper {
  return {
    lang: "en",
    title: "Certificate of calibration",
    number: "gw-test-0007",
    about: "gw-test, Century Avenue 7",
    at: 1_764_288_000_000 as WallMs,
    head: [{ label: "Gateway", value: "gw-test" }],
    sections,
    signatures: [],
    ...more,
  };
}

const withPoppler = testWith("poppler-utils");

/** The text of each page of `pdf`, as poppler's tool finds it. */
function pagesOf(t: ExecutionContext, pdf: Uint8Array): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-paper-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "paper.pdf");
  writeFileSync(file, pdf);
  const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
  return text.split("\f").slice(0, -1);
}

/** `text` without blanks and line ends: what is left however it is wrapped. */
function solid(text: string): string {
  return text.replace(/\s+/g, "");
}

const TABLE_HEADS = ["Point", "Meaning", "Digest"];

function longTable(rows: number): Section {
  const digest = "0123456789abcdef".repeat(4);
  const meaning = "位于世纪大道与东方路交叉口东南侧阀门井内的可燃气体浓度";
  return {
    title: "Points",
    blocks: [
      {
        kind: "table",
        columns: TABLE_HEADS.map((title) => ({ title, share: 1 })),
        rows: Array.from({ length: rows }, (_, at) => [`gas-${at}.gas`, meaning, digest]),
        empty: "none",
      },
    ],
  };
}

test("the same paper is always the same bytes, and another is not", async (t) => {
  const paper = paperOf([longTable(3)]);
  const first = await printed(paper);
  t.deepEqual(Buffer.from(await printed(paper)), Buffer.from(first));
  t.notDeepEqual(Buffer.from(await printed({ ...paper, number: "2" })), Buffer.from(first));
});

test("a paper of one page with Chinese in it has but the letters it uses: under 150 kB", async (t) => {
  const pdf = await printed(paperOf([longTable(3)], { lang: "zh-CN", title: "校准证书" }));
  t.true(pdf.length < 150_000, `${pdf.length} bytes`);
  t.is(Buffer.from(pdf.subarray(0, 5)).toString(), "%PDF-");
});

withPoppler("a long table repeats its heads on every page, and pages are numbered", async (t) => {
  const pages = pagesOf(t, await printed(paperOf([longTable(60)])));
  t.true(pages.length > 1);
  for (const [at, page] of pages.entries()) {
    t.regex(page, /Point +Meaning +Digest/);
    t.true(page.includes(`Page ${at + 1} of ${pages.length}`));
    t.true(page.includes("gw-test-0007"));
  }
  for (let at = 0; at < 60; at++) t.regex(pages.join(""), new RegExp(`gas-${at}\\.gas`));
});

withPoppler(
  "long words and Chinese are wrapped within their column, and none is lost",
  async (t) => {
    const sections = [longTable(1), { title: "x".repeat(300), blocks: [] }];
    const text = pagesOf(t, await printed(paperOf(sections))).join("");
    t.true(solid(text).includes("x".repeat(300)));
    // Columns stand side by side: each line holds a piece of each.
    const pieces = [...text.matchAll(/[0-9a-f]{8,}/g)].map(([piece]) => piece).join("");
    t.is(pieces, "0123456789abcdef".repeat(4));
    t.is(text.match(/\p{Script=Han}/gu)?.length, 27);
  },
);

withPoppler("a row longer than a page goes over to the next one", async (t) => {
  const [cell, count] = ["阀门井", 2000];
  const columns = [{ title: "A", share: 1 }];
  const table = { kind: "table" as const, columns, rows: [[cell.repeat(count)]], empty: "" };
  const pages = pagesOf(t, await printed(paperOf([{ title: "Long", blocks: [table] }])));
  t.true(pages.length >= 2);
  t.is(pages.join("").match(/阀/g)?.length, count);
});

withPoppler("a table without rows says so", async (t) => {
  const [section] = [longTable(0)];
  t.regex(pagesOf(t, await printed(paperOf([section])))[0] ?? "", /Points\s+none/);
});

withPoppler("a character that the typeface lacks is printed as a geta mark", async (t) => {
  const blocks = [{ kind: "text" as const, text: "sealed 🚰 and ☐ done\u200d, 完成" }];
  const [page] = pagesOf(t, await printed(paperOf([{ title: "Notes", blocks }])));
  t.regex(page ?? "", /sealed 〓 and 〓 done, ?完成/);
});

withPoppler("everything that a paper can hold is found in its text, in Chinese too", async (t) => {
  const tone = (text: string): Cell => ({ text, tone: "bad" });
  const paper = paperOf(
    [
      {
        title: "零点",
        blocks: [
          { kind: "fields", fields: [{ label: "示值", value: tone("不合格 0.4 %[LEL]") }] },
          { kind: "note", text: "依据 JJG 693" },
          {
            kind: "plot",
            caption: "稳定过程",
            lines: [
              {
                name: "gas-1.gas",
                points: [
                  [0, 1],
                  [5, 3],
                  [7, Number.NaN],
                  [9, 2],
                ],
              },
              {
                name: "标准值",
                points: [
                  [0, 2],
                  [9, 2],
                ],
              },
            ],
            x: { from: "10:00:00", to: "10:00:09" },
            y: { from: "0 %[LEL]", to: "4 %[LEL]" },
            range: { from: [0, 0], to: [9, 4] },
          },
        ],
      },
    ],
    { lang: "zh-CN", signatures: [{ role: "安装人员", name: "张伟", date: "" }] },
  );
  const text = solid(pagesOf(t, await printed(paper)).join(""));
  const said = ["示值不合格0.4%[LEL]", "依据JJG693", "稳定过程", "10:00:09", "4%[LEL]", "标准值"];
  for (const each of [...said, "签字", "安装人员", "张伟", "第1页，共1页"]) {
    t.true(text.includes(each), each);
  }
});
