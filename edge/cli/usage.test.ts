import test from "ava";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import stringWidth from "string-width";
import type { Lang } from "../core/errors.ts";
import { inLines, speak, usageText } from "./usage.ts";

/** A program with one command, as far as `speak` has to do with it. */
function program(lang: Lang): Command {
  const root = speak(new Command("lifeline"), lang);
  root
    .command("demo")
    .option("--json", "for programs")
    .option("--seconds <n>", "how long", () => {
      throw new InvalidArgumentError("Allowed: 10.");
    })
    .action(() => {});
  return root;
}

function mistakeIn(lang: Lang, ...args: readonly string[]): string {
  try {
    program(lang).parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return usageText(error, lang);
    throw error;
  }
  return "";
}

test("what was typed wrongly is told in the language asked for, with the nearest name", (t) => {
  t.is(mistakeIn("zh-CN", "demo", "--jsom"), "没有选项 --jsom；是否想写 --json？");
  t.is(mistakeIn("zh-CN", "dema"), "没有命令 dema；是否想写 demo？");
  t.is(mistakeIn("zh-CN", "demo", "5"), "demo 的参数过多");
  t.is(mistakeIn("zh-CN", "demo", "--seconds"), "缺少取值：--seconds <n>");
  t.is(mistakeIn("zh-CN", "demo", "--seconds", "5"), "5 不能用于 --seconds <n>。Allowed: 10.");
  t.is(mistakeIn("en", "demo", "--jsom"), "there is no option --jsom; did you mean --json?");
});

test("nothing that commander adds to help by itself stays in English", (t) => {
  for (const command of [program("zh-CN"), ...program("zh-CN").commands]) {
    t.notRegex(command.helpInformation(), /Usage|Options|Commands|display|default/);
  }
});

test("help is broken into lines of the terminal, Chinese between its characters and never before a comma", (t) => {
  t.deepEqual(inLines("list the alarms, and more", 12), ["list the", "alarms, and", "more"]);
  t.deepEqual(inLines("列出报警，确认（ack）后停用", 10), [
    "列出报警，",
    "确认",
    "（ack）后",
    "停用",
  ]);
  t.deepEqual(inLines("列出报警，确认", 8), ["列出报", "警，确认"]);
  t.deepEqual(inLines("one\ntwo", 10), ["one", "two"]);
});

test("in the help of a command no line is longer than 80 cells, in Chinese neither", (t) => {
  const long =
    "按引导校准测点：期间其报警停用并会自动恢复；在每个标准值下等待示值稳定，给出校准前误差。";
  const help = program("zh-CN").command("long").description(long).usage(long).helpInformation();
  for (const line of help.split("\n")) t.true(stringWidth(line) <= 80, line);
});
