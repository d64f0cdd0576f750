import type { SecretText } from "../edge/core/secret-text.ts";
import type { ProblemCode, ProblemParams } from "./problems.ts";
import { readFailure } from "./read-failure.ts";

/** What a configuration may reach outside of its own text. */
export type Outside = {
  /** The content of a text file. Throws when it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Whether nobody but its owner may read or write a file; left out where that is not known. */
  readonly isPrivate?: (path: string) => boolean;
  /** An environment variable, undefined when it is not set. */
  readonly env: (name: string) => string | undefined;
};

/** Where the problems of a text with references go. */
export type SecretNote = <Code extends ProblemCode>(
  code: Code,
  params: ProblemParams<Code>,
) => void;

const REFERENCE = /\$\{([^}]*)\}/g;

/** Whether `text` holds a reference such as `${env:NAME}`. */
export function hasReference(text: string): boolean {
  return text.search(REFERENCE) >= 0;
}

/** Whether `text` consists of references and of nothing else. */
export function isReference(text: string): boolean {
  return hasReference(text) && text.replaceAll(REFERENCE, "").trim() === "";
}

/** `text` with its references followed, or null when one cannot be; faults are noted. */
export function followReferences(text: string, outside: Outside, note: SecretNote): string | null {
  let complete = true;
  const followed = text.replaceAll(REFERENCE, (found: string, inner: string) => {
    const value = follow(found, inner, outside, note);
    complete &&= value !== null;
    return value ?? "";
  });
  return complete ? followed : null;
}

/** `text` in parts, its references unread; `absolute` says where a relative path leads. */
export function secretText(text: string, absolute: (path: string) => string): SecretText {
  const parts = text.split(/(\$\{[^}]*\})/).filter((part) => part !== "");
  return parts.map((part) => {
    const [, kind, target = ""] = /^\$\{(file|env):(.+)\}$/.exec(part) ?? [];
    if (kind === "file") return { kind, path: absolute(target) };
    return kind === "env" ? { kind, name: target } : part;
  });
}

function follow(found: string, inner: string, outside: Outside, note: SecretNote): string | null {
  const [, kind, target = ""] = /^(file|env):(.+)$/.exec(inner) ?? [];
  switch (kind) {
    case "env": {
      const value = outside.env(target);
      if (value) return value;
      note("secret-env", { name: target });
      return null;
    }
    case "file":
      return followFile(target, outside, note);
    default:
      note("bad-reference", { found });
      return null;
  }
}

function followFile(path: string, outside: Outside, note: SecretNote): string | null {
  try {
    // Editors end a file with a line break that is no part of the secret.
    const content = outside.readFile(path).replace(/\r?\n$/, "");
    if (content === "") note("secret-empty", { path });
    return content === "" ? null : content;
  } catch (error) {
    note("secret-file", { path, reason: readFailure(error) });
    return null;
  }
}
