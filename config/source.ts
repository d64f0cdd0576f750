import type { CollectionTag, Document, Pair, ScalarTag, Tags, YAMLMap } from "yaml";
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from "yaml";
import { messageOf } from "../edge/core/errors.ts";
import type { Path, Problem } from "./problems.ts";
import { problemOf } from "./problems.ts";
import { syntaxReason } from "./yaml-syntax.ts";

/** Whether a problem lies with a key or with what the key holds. */
export type Side = "key" | "value";

/** A line and a column, both from 1. */
export type Position = { readonly line: number; readonly column: number };

/** A YAML text, read, with the positions of its keys and values kept. */
export type Source = {
  /** The content as plain data; null when the text is empty or is not well formed. */
  readonly root: unknown;
  readonly problems: readonly Problem[];
  /**
   * Where the key or value at `path` stands. Where there is none, the key of the nearest entry
   * around it, so that a missing key is shown where it belongs.
   */
  locate(path: Path, side: Side): Position;
};

/** Reads YAML 1.2. Never throws: what is wrong with the text is in `problems`. */
export function readSource(written: string): Source {
  // A byte order mark is no character that a person would count.
  const text = written.replace(/^\uFEFF/, "");
  const lines = new LineCounter();
  const doc = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: "error",
    customTags: plainScalars,
  });
  const locate = (path: Path, side: Side) => positionAt(lines, offsetOf(doc, path, side));
  const problems = [...syntaxProblems(doc, text, lines), ...contentProblems(doc, lines)];
  if (problems.some(({ code }) => code === "yaml-syntax")) return { root: null, problems, locate };
  try {
    return { root: doc.toJS(), problems, locate };
  } catch (error) {
    // The parser bounds how far aliases may multiply.
    const reason = { en: messageOf(error), "zh-CN": messageOf(error) };
    const problem = problemOf("yaml-syntax", { reason }, [], { line: 1, column: 1 });
    return { root: null, problems: [...problems, problem], locate };
  }
}

/**
 * YAML 1.2's plain scalars but for two traps: `8E1` is a line format and not the number 80, and
 * digits with a leading zero (`0012`, `00001`) are a code and not a number.
 */
function plainScalars(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === "string" || !isScalarTag(tag)) return tag;
    if (tag.tag === "tag:yaml.org,2002:float" && tag.format === "EXP") {
      return guarded(tag, /^[78][Ee][12]$/);
    }
    if (tag.tag === "tag:yaml.org,2002:int" && tag.format === undefined) {
      return guarded(tag, /^[-+]?0\d/);
    }
    return tag;
  });
}

function isScalarTag(tag: CollectionTag | ScalarTag): tag is ScalarTag {
  return tag.collection === undefined;
}

function guarded(tag: ScalarTag, except: RegExp): ScalarTag {
  const test = new RegExp(`^(?!${except.source.slice(1)})${(tag.test?.source ?? "").slice(1)}`);
  return { ...tag, test };
}

/**
 * One problem a line, and what the parser did not expect only when it comes first: a parser that
 * lost its way reports the same mistake over and over.
 */
function syntaxProblems(doc: Document.Parsed, text: string, lines: LineCounter): Problem[] {
  const seen = new Set<number>();
  const problems: Problem[] = [];
  for (const { code, pos, message } of [...doc.errors, ...doc.warnings]) {
    if (code === "DUPLICATE_KEY") continue;
    const place = positionAt(lines, pos[0]);
    if (seen.has(place.line) || (seen.size > 0 && code === "UNEXPECTED_TOKEN")) continue;
    seen.add(place.line);
    const reason = syntaxReason(code, message, text.slice(Math.max(0, pos[0] - 1), pos[1]));
    problems.push(problemOf("yaml-syntax", { reason }, [], place));
  }
  return problems;
}

/**
 * What the parser lets pass: keys that are there twice, aliases of nothing, and the one name that plain
 * JavaScript objects cannot hold as data.
 */
function contentProblems(doc: Document.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(doc, {
    Map(_, map, ancestors) {
      for (const each of duplicateProblems(map, ancestors, lines)) problems.push(each);
    },
    Alias(_, alias, ancestors) {
      if (alias.resolve(doc) !== undefined) return;
      const reason = {
        en: `there is no anchor &${alias.source} before this alias`,
        "zh-CN": `此别名之前没有锚点 &${alias.source}`,
      };
      const place = positionAt(lines, startOf(alias));
      problems.push(problemOf("yaml-syntax", { reason }, pathOf(ancestors), place));
    },
    Pair(_, { key }, ancestors) {
      if (nameOf(key) !== "__proto__") return;
      const params = { expected: { kind: "name" }, found: "__proto__" } as const;
      const path = [...pathOf(ancestors), "__proto__"];
      problems.push(problemOf("bad-name", params, path, positionAt(lines, startOf(key))));
    },
  });
  return problems;
}

function duplicateProblems(
  { items }: YAMLMap,
  ancestors: readonly unknown[],
  lines: LineCounter,
): Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, number>();
  for (const { key } of items) {
    const name = nameOf(key);
    const offset = startOf(key);
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, offset);
      continue;
    }
    const firstLine = positionAt(lines, earlier).line;
    const path = [...pathOf(ancestors), name];
    problems.push(problemOf("duplicate-key", { firstLine }, path, positionAt(lines, offset)));
  }
  return problems;
}

function pathOf(ancestors: readonly unknown[]): Path {
  return ancestors.filter(isPair).map((pair) => nameOf(pair.key));
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(doc: Document.Parsed, path: Path, side: Side): number {
  let node: unknown = doc.contents;
  let lastKey: unknown = null;
  for (const step of path) {
    const within: unknown = isAlias(node) ? node.resolve(doc) : node;
    if (isMap(within)) {
      const pair = within.items.findLast(({ key }) => nameOf(key) === String(step));
      if (pair === undefined) return startOf(lastKey);
      lastKey = pair.key;
      node = pair.value;
    } else if (isSeq(within) && typeof step === "number" && step < within.items.length) {
      node = within.items[step];
      lastKey = node;
    } else {
      return startOf(lastKey);
    }
  }
  return side === "value" && isNode(node) ? startOf(node) : startOf(lastKey);
}

function startOf(node: unknown): number {
  return isNode(node) && node.range ? node.range[0] : 0;
}

function nameOf(key: Pair["key"]): string {
  return isScalar(key) ? String(key.value) : String(key);
}
