import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "ava";
import { PACKAGE } from "./rig.ts";

/*
 * What Node-RED's own check of packages (node-red-dev validate) asks for, as far as it needs no
 * network, and what the nodes promise beyond that.
 */
type Manifest = {
  readonly name: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly "node-red": {
    readonly version: string;
    readonly nodes: Readonly<Record<string, string>>;
  };
};

const text = (...path: string[]) => readFileSync(join(PACKAGE, ...path), "utf8");
const manifest = JSON.parse(text("package.json")) as Manifest;
const nodes = Object.entries(manifest["node-red"].nodes);
const LANGS = ["en-US", "zh-CN"] as const;

/** The keys of a catalogue, with those of what it holds. */
function keysOf(value: unknown, path = ""): readonly string[] {
  if (typeof value === "string") return [path];
  return Object.entries(value as object).flatMap(([key, each]) => keysOf(each, `${path}.${key}`));
}

test("the package is scoped, licensed, found by its keyword, and says what it runs on", (t) => {
  t.regex(manifest.name, /^@[a-z-]+\/node-red-[a-z-]+$/);
  t.is(manifest.license, "Apache-2.0");
  t.true(existsSync(join(PACKAGE, "LICENSE")) && existsSync(join(PACKAGE, "README.md")));
  t.true(manifest.keywords.includes("node-red"));
  t.truthy(manifest["node-red"].version && manifest.engines.node);
  t.false(existsSync(join(PACKAGE, "node_modules")));
});

test("what the package needs is what the gateway was tested with", (t) => {
  const own = JSON.parse(readFileSync(join(PACKAGE, "../../package.json"), "utf8")) as Manifest;
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    t.is(own.dependencies[name], version, name);
  }
});

test("every node has its dialog, its icon, and its help and texts in both languages", (t) => {
  for (const [type, file] of nodes) {
    t.is(file, `nodes/${type}.js`);
    const html = text(`nodes/${type}.html`);
    t.true(html.includes(`data-template-name="${type}"`), type);
    const icon = /icon: "([^"]+)"/.exec(html)?.[1];
    if (icon !== undefined) t.true(existsSync(join(PACKAGE, "nodes/icons", icon)), type);
    const [en, zh] = LANGS.map((lang) => {
      t.true(text(`nodes/locales/${lang}/${type}.html`).includes(`data-help-name="${type}"`), type);
      return keysOf(JSON.parse(text(`nodes/locales/${lang}/${type}.json`)));
    });
    t.deepEqual(zh, en, type);
    for (const [, key] of html.matchAll(/data-i18n="([^"]+)"/g)) {
      t.true(en?.includes(`.${key}`), `${type}: ${key}`);
    }
  }
});

test("every text that a node says at run time is in the catalogue", (t) => {
  const known = keysOf(JSON.parse(text("nodes/locales/en-US/lifeline-gateway.json")));
  for (const folder of ["nodes", "lib"]) {
    for (const file of readdirSync(join(PACKAGE, folder)).filter((name) => name.endsWith(".js"))) {
      for (const [, key] of text(folder, file).matchAll(/\bsay\("([^"]+)"/g)) {
        t.true(known.includes(`.lifeline-gateway.${key}`), `${file}: ${key}`);
      }
    }
  }
});

test("what a text leaves open is named as Node-RED fills it in, in both languages", (t) => {
  for (const [type] of nodes) {
    const open = LANGS.map((lang) => {
      const catalogue = text(`nodes/locales/${lang}/${type}.json`);
      t.false(catalogue.includes("{{"), `${lang} ${type}`);
      return catalogue.match(/__\w+?__/g) ?? [];
    });
    t.deepEqual(open[1]?.toSorted(), open[0]?.toSorted(), type);
  }
});

test("no example holds a secret, and none may write before somebody confirms it", (t) => {
  const examples = readdirSync(join(PACKAGE, "examples"));
  t.true(examples.length >= 2);
  for (const name of examples) {
    const flow = JSON.parse(text("examples", name)) as readonly Record<string, unknown>[];
    for (const node of flow) {
      t.false("credentials" in node || "password" in node || "keyPem" in node, name);
      if (node.type === "lifeline-write") t.is(node.confirmed, "", basename(name));
    }
  }
});

test("passwords and keys are credentials, which Node-RED keeps apart from the flow", (t) => {
  const html = text("nodes/lifeline-gateway.html");
  const properties = html.slice(html.indexOf("defaults:"), html.indexOf("credentials:"));
  for (const name of ["password", "keyPem", "ca", "user"]) {
    t.false(new RegExp(`\\b${name}:`).test(properties), name);
    t.regex(html.slice(html.indexOf("credentials:")), new RegExp(`\\b${name}:`));
  }
});
