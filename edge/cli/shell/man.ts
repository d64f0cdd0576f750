import type { Lang } from "../../core/errors.ts";
import { toJson } from "../../core/json.ts";
import { type Invocation, print } from "../invocation.ts";
import { say } from "../text.ts";
import { textWidth } from "../text-width.ts";
import type { CommandNode, CommandTree, OptionNode } from "./command-tree.ts";
import { type ManTextKey, sayMan } from "./man-text.ts";

/** `lifeline man`: the manual page of what `tree` takes, for `man -l -`. */
export function man(tree: CommandTree, { lang, json }: Invocation): number {
  const page = manPage(tree, lang);
  print(json ? toJson({ v: 1, page }) : page.trimEnd());
  return 0;
}

/** When what only this page says was written last; the commands tell their own. */
const WRITTEN = "2026-11-28";

/** What is set in deepest has room for so many cells on a terminal of 80. */
const ROOM = 64;

/** The manual page, in the man macros of roff (man(7)). */
function manPage({ options, commands }: CommandTree, lang: Lang): string {
  const title = (key: ManTextKey) => `.SH ${quoted(sayMan(lang, key))}`;
  const text = (key: ManTextKey) => filled(sayMan(lang, key), lang);
  const lines = [
    `.\\" Made from the commands themselves: npx -c 'node test-rigs/reference/main.ts'`,
    `.TH LIFELINE 1 "${WRITTEN}" "Lifeline Edge" "Lifeline Edge"`,
    ".ad l",
    title("nameTitle"),
    `lifeline \\- ${text("name")}`,
    title("synopsisTitle"),
    ".B lifeline",
    plain("COMMAND [OPTIONS] [OPERANDS]"),
    title("descriptionTitle"),
    text("description"),
    title("optionsTitle"),
    text("options"),
    ...options.filter(({ long }) => long !== "--version").flatMap((each) => option(each, lang)),
    title("commandsTitle"),
    ...commands.flatMap((each) => command(each, lang)),
    title("exitTitle"),
    ...entry("0", text("exitGood")),
    ...entry("1", text("exitNo")),
    ...entry("2", text("exitMisused")),
    title("environmentTitle"),
    ...entry("LC_ALL, LC_MESSAGES, LANG", text("environmentLanguage")),
    ...entry("NO_COLOR, TERM", text("environmentColour")),
    title("filesTitle"),
    ...entry("gateway.yaml", text("filesConfig")),
    ...entry("control.sock", text("filesSocket")),
  ];
  return `${lines.join("\n")}\n`;
}

function command({ name, usage, about, options, examples }: CommandNode, lang: Lang) {
  return [
    `.SS ${quoted(name)}`,
    `.B lifeline ${plain(name)}`,
    plain(usage),
    ".PP",
    filled(about, lang),
    ...options.flatMap((each) => option(each, lang)),
    ...(examples.length === 0 ? [] : [".PP", plain(sayMan(lang, "examples"))]),
    ...(examples.length === 0 ? [] : [".PP", ".nf", ".RS 4", ...examples.map(plain), ".RE", ".fi"]),
  ];
}

function option({ long, short, value, isOptional, about, usual }: OptionNode, lang: Lang) {
  const shown = isOptional ? `[${value}]` : `<${value}>`;
  const flags = `${short === null ? "" : `${short}, `}${long}${value === null ? "" : ` ${shown}`}`;
  const left = usual === null ? "" : say(lang, "defaultIs", { value: usual });
  return entry(flags, filled(about + left, lang));
}

/** A word, and set in below it what it means. */
function entry(word: string, meaning: string): readonly string[] {
  return [".TP", `.B ${plain(word)}`, meaning];
}

/** `text` as roff prints it as it is: no escape, no request, and every dash one that can be typed. */
function plain(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-");
  return escaped
    .split("\n")
    .map((line) => line.trim().replace(/^(?=[.'])/, "\\&"))
    .join("\n");
}

/** `text` as a paragraph. Roff breaks lines only at blanks, of which Chinese has none. */
function filled(text: string, lang: Lang): string {
  return lang === "en" ? plain(text) : brokenLines(text).map(plain).join("\n.br\n");
}

/** `text` in lines, broken between any two signs, but within no word and before no full stop. */
function brokenLines(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of text.match(/(?:[!-~]+|[^!-~])[，。；：、）！？”]*/gu) ?? []) {
    if (textWidth(line + part) > ROOM) {
      lines.push(line);
      line = part.trimStart();
    } else line += part;
  }
  return [...lines, line];
}

/** `text` as one argument of a macro. */
function quoted(text: string): string {
  return `"${plain(text).replaceAll('"', '""')}"`;
}
