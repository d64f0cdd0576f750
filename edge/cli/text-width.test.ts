import { execFileSync } from "node:child_process";
import process from "node:process";
import test from "ava";
import fc from "fast-check";
import stringWidth from "string-width";
import { textWidth } from "./text-width.ts";

test("every character has the width that terminals give it", (t) => {
  const wrong: string[] = [];
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    if (textWidth(character) !== stringWidth(character)) wrong.push(code.toString(16));
  }
  t.deepEqual(wrong, []);
});

test("so has any text: of letters, Chinese, marks, emoji, colours and what joins them", (t) => {
  const part = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "gas-1",
      "红色报警",
      "（℃）",
      "±0.5 µm³",
      "—",
      "│",
      "e\u0301",
      "👩‍🔧",
      "❤️",
      "1️⃣",
      "🇨🇳",
    ),
    fc.constantFrom("\u001b[31mred\u001b[0m", "\u200d", "\ufe0f", "\u00ad", "\t", "→", "…", "한글"),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      t.is(textWidth(parts.join("")), stringWidth(parts.join("")));
    }),
    { numRuns: 300 },
  );
});

test("plain text is measured without what measures any, which takes long to load", (t) => {
  const program = `import { textWidth } from "${new URL("text-width.ts", import.meta.url)}";
    const { _cache } = process.getBuiltinModule("node:module");
    const isLoaded = () => Object.keys(_cache).some((file) => file.includes("string-width"));
    const plain = [textWidth("gas-1 红"), isLoaded()];
    console.log(JSON.stringify([...plain, textWidth("👩‍🔧"), isLoaded()]));`;
  const args = ["--input-type=module", "--eval", program];
  const run = execFileSync(process.execPath, args, { encoding: "utf8", stdio: "pipe" });
  t.deepEqual(JSON.parse(run), [8, false, 2, true]);
});
