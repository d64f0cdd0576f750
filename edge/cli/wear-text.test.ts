import test from "ava";
import stringWidth from "string-width";
import { sayWear, wearLine } from "./wear-text.ts";

const YEAR = 365.25 * 86_400_000;

test("the life of a card is told in years, and in days below two of them", (t) => {
  const line = (years: number) =>
    wearLine({ totalBytes: 0, bytesPerDay: 12e9, lifeMs: years * YEAR }, 30e12, "en");
  t.is(line(6.8), "12 GB written a day; at that a card for 30 TB lasts about 6 years");
  t.is(line(1.5), "12 GB written a day; at that a card for 30 TB lasts about 547 days");
});

test("every line of a view fits a terminal in both languages", (t) => {
  for (const lang of ["en", "zh-CN"] as const) {
    const figures = { totalBytes: 0, bytesPerDay: 999e9, lifeMs: 1.9 * YEAR };
    const lines = [
      wearLine(figures, 999e12, lang),
      sayWear(lang, "short"),
      sayWear(lang, "written", { total: "999 GB" }),
      sayWear(lang, "lifeUsed", { used: 100, spare: sayWear(lang, "normal") }),
      sayWear(lang, "lifeOver", { spare: sayWear(lang, "warning") }),
    ];
    for (const line of lines) t.true(stringWidth(line) <= 80, line);
  }
});
