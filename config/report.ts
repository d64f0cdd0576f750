import type { Lang, Text } from "../edge/core/errors.ts";
import type { ProblemSeverity } from "./problem-entry.ts";
import type { Problem } from "./problems.ts";

const WORD: Readonly<Record<ProblemSeverity, Text>> = {
  error: { en: "error", "zh-CN": "错误" },
  warning: { en: "warning", "zh-CN": "警告" },
};

/**
 * The problems of `fileName` as lines of text: errors first, then warnings, each with its place
 * (`gateway.yaml:12:5`), and a last line that sums up. Ends with a line break.
 */
export function reportProblems(fileName: string, problems: readonly Problem[], lang: Lang): string {
  const groups = (["error", "warning"] as const)
    .map((severity) => problems.filter((problem) => problem.severity === severity))
    .filter((group) => group.length > 0);
  const blocks = groups.map((group) => linesOf(fileName, group, lang).join("\n"));
  return `${[...blocks, summary(fileName, problems, lang)].join("\n\n")}\n`;
}

function linesOf(fileName: string, problems: readonly Problem[], lang: Lang): readonly string[] {
  const places = problems.map(({ file, line, column }) => `${file ?? fileName}:${line}:${column}`);
  // A profile's longer name does not push the others' text to the right.
  const own = places.filter((_, index) => problems[index]?.file === undefined);
  const width = Math.max(0, ...own.map(({ length }) => length));
  return problems.map(({ severity, path, message }, index) => {
    const place = (places[index] ?? "").padEnd(width);
    const where = path === "" ? "" : `${path}: `;
    return `${place}  ${WORD[severity][lang]}  ${where}${message[lang]}`;
  });
}

function summary(fileName: string, problems: readonly Problem[], lang: Lang): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  const counts = { en: countsEn(errors, warnings), "zh-CN": countsZh(errors, warnings) }[lang];
  if (problems.length === 0) {
    return { en: `${fileName}: no problems.`, "zh-CN": `${fileName}：没有问题。` }[lang];
  }
  const verdict: Text =
    errors > 0
      ? { en: "The gateway does not start with this file.", "zh-CN": "网关不会使用此文件启动。" }
      : { en: "The gateway starts with this file.", "zh-CN": "网关可以使用此文件启动。" };
  return lang === "en"
    ? `${fileName}: ${counts}. ${verdict.en}`
    : `${fileName}：${counts}。${verdict["zh-CN"]}`;
}

function countsEn(errors: number, warnings: number): string {
  const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  return [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ].join(", ");
}

function countsZh(errors: number, warnings: number): string {
  return [
    ...(errors > 0 ? [`${errors} 个错误`] : []),
    ...(warnings > 0 ? [`${warnings} 个警告`] : []),
  ].join("，");
}
