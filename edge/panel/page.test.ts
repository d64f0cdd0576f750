import { readFileSync } from "node:fs";
import test from "ava";
import { pageFiles } from "./files.ts";
import { PANEL_TEXT } from "./text.ts";

const names = [...(await pageFiles()).keys()].filter((path) => path !== "/");
const files = new Map(
  names.map((path) => [path, readFileSync(new URL(`page${path}`, import.meta.url), "utf8")]),
);
const html = files.get("/index.html") ?? "";
const text = new Map<string, { readonly en: string }>(Object.entries(PANEL_TEXT));

test("what the page says before it has its words is what they say in English", (t) => {
  const said = [...html.matchAll(/data-say="([^"]+)"\s*>([^<]*)</g)];
  t.true(said.length > 20);
  for (const [, key = "", english] of said) t.is(text.get(key)?.en, english, key);
});

test("every word that a script asks for is there, and every word is asked for", (t) => {
  const scripts = [...files].filter(([path]) => path.endsWith(".js")).map(([, source]) => source);
  const all = `${scripts.join("\n")}\n${html}`;
  const asked = [...all.matchAll(/\bsay\("([^"]+)"/g)].map(([, key = ""]) => key);
  t.deepEqual(
    asked.filter((key) => !text.has(key)),
    [],
  );
  // The gateway says which of these it is.
  const told = /^((why|out)-.*|fault|warning|certain|likely|possible)$/;
  const unused = [...text.keys()].filter((key) => !told.test(key) && !all.includes(`"${key}"`));
  t.deepEqual(unused, []);
});

test("the page asks nothing of anybody but the gateway, and holds no script or style of its own", (t) => {
  for (const [path, source] of files) {
    const addresses = [...source.matchAll(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"']*/gi)];
    t.deepEqual(
      addresses.map(([found]) => found).filter((found) => !found.includes("www.w3.org")),
      [],
      path,
    );
    t.notRegex(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/, path);
  }
  t.notRegex(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
});

test("the page weighs less than a phone notices", (t) => {
  const bytes = [...files.values()].reduce((sum, source) => sum + source.length, 0);
  t.true(bytes < 60_000, `${bytes} bytes`);
});
