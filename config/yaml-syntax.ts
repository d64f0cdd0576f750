import type { Text } from "../edge/core/errors.ts";

const QUOTES: Text = {
  en: `text that begins with or holds one of { } [ ] , & * # ? | > ! % @ \` needs quotes, such as "%[LEL]" or "\${env:NAME}"`,
  "zh-CN": `以 { } [ ] , & * # ? | > ! % @ \` 开头或含有这些字符的文本要加引号，例如 "%[LEL]" 或 "\${env:NAME}"`,
};

const REASONS: ReadonlyMap<string, Text> = new Map([
  ["BAD_SCALAR_START", QUOTES],
  [
    "TAB_AS_INDENT",
    { en: "indent with spaces, not with tabs", "zh-CN": "请用空格缩进，不要用制表符" },
  ],
  [
    "MULTIPLE_DOCS",
    {
      en: "the file holds a second document after ---; keep one",
      "zh-CN": "--- 之后又有一个文档；只能保留一个",
    },
  ],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    {
      en: "there is a second colon here; check the indentation of this and the next line, or put the text in quotes",
      "zh-CN": "此处有第二个冒号；请检查本行与下一行的缩进，或给文本加引号",
    },
  ],
  [
    "MULTILINE_IMPLICIT_KEY",
    {
      en: "a key must be on one line; check the indentation",
      "zh-CN": "键必须写在一行内；请检查缩进",
    },
  ],
  [
    "UNEXPECTED_TOKEN",
    {
      en: "this does not fit here; check the brackets, commas and quotes before it",
      "zh-CN": "此处内容不合语法；请检查前面的括号、逗号和引号",
    },
  ],
  [
    "BAD_INDENT",
    {
      en: "the indentation does not fit the lines above",
      "zh-CN": "缩进与上面的行不一致",
    },
  ],
  ["NON_STRING_KEY", { en: "a key must be a plain name", "zh-CN": "键必须是普通名称" }],
  [
    "TAG_RESOLVE_FAILED",
    {
      en: "a word after ! is a YAML tag, which has no use here; put the text in quotes",
      "zh-CN": "! 后的词是 YAML 标签，此处无用；请给文本加引号",
    },
  ],
  [
    "BAD_DQ_ESCAPE",
    {
      en: 'a backslash in "…" must be doubled; or use single quotes',
      "zh-CN": '"…" 中的反斜杠要写两个；或改用单引号',
    },
  ],
]);

/**
 * What is wrong, for a person who has never read the YAML specification. `message` is the
 * parser's, used where there are no words of our own; `near` is the text at fault and the
 * character before it.
 */
export function syntaxReason(code: string, message: string, near: string): Text {
  // An unquoted ${env:NAME} within { } is the mistake that product's own syntax invites.
  if (code === "UNEXPECTED_TOKEN" && near.startsWith("${")) return QUOTES;
  if (code === "MISSING_CHAR" && message.includes("followed by map values")) {
    return { en: "a colon is missing after this key", "zh-CN": "此键后缺少冒号" };
  }
  if (code === "MISSING_CHAR" && message.includes("quote")) {
    return { en: "the closing quote is missing", "zh-CN": "缺少结束引号" };
  }
  if (code === "BAD_INDENT" && /end with a [\]}]/.test(message)) {
    const bracket = message.at(-1) ?? "";
    return { en: `the closing ${bracket} is missing`, "zh-CN": `缺少结束的 ${bracket}` };
  }
  return (
    REASONS.get(code) ?? { en: message.replace(/\.$/, ""), "zh-CN": `YAML 解析器报告“${message}”` }
  );
}
