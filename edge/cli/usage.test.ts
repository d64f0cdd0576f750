import test from "ava";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { Lang } from "../core/errors.ts";
import { speak, usageText } from "./usage.ts";

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
