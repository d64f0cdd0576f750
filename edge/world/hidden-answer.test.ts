import process from "node:process";
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import test from "ava";

const FILE = fileURLToPath(new URL("./hidden-answer.ts", import.meta.url));

test("what is typed is not shown, however soon it comes after the question", async (t) => {
  const script = `const { hiddenAnswer } = await import(${JSON.stringify(FILE)});
const write = process.stderr.write.bind(process.stderr);
let isHidden = [];
process.stderr.write = (text) => { isHidden.push(process.stdin.isRaw); return write(text); };
const answer = await hiddenAnswer("passphrase: ");
process.stdout.write(answer === "three words of dice" ? "right " + isHidden[0] : "wrong");`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {});
  let shown = "";
  let isTyped = false;
  child.onData((text) => {
    shown += text;
    if (isTyped || !shown.includes("passphrase: ")) return;
    isTyped = true;
    child.write("three words of dice\r");
  });
  await new Promise<void>((resolve) => child.onExit(() => resolve()));
  t.regex(shown, /^passphrase: \s*right true$/);
});
