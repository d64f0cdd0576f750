import test from "ava";
import { followReferences, hasReference, isReference } from "./secrets.ts";

const OUTSIDE = {
  readFile: (path: string) => {
    if (path === "/run/secrets/centre") return "correct horse\n";
    if (path === "/run/secrets/empty") return "\n";
    throw Object.assign(new Error("no"), { code: "ENOENT" });
  },
  env: (name: string) => ({ HOST: "centre.example", EMPTY: "" })[name],
};

function follow(text: string): {
  readonly text: string | null;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  return { text: followReferences(text, OUTSIDE, (code) => faults.push(code)), faults };
}

test("a reference to a file gives its content without the last line break", (t) => {
  t.deepEqual(follow(`\${file:/run/secrets/centre}`), { text: "correct horse", faults: [] });
});

test("references may stand within a text, several of them", (t) => {
  t.is(
    follow(`mqtt://\${env:HOST}:1883/\${env:HOST}`).text,
    "mqtt://centre.example:1883/centre.example",
  );
  t.is(follow("no reference").text, "no reference");
});

test("a text is a secret's reference when nothing else is in it", (t) => {
  t.true(isReference(`\${env:A}`));
  t.true(isReference(`\${env:A}\${env:B}`));
  t.false(isReference(`x\${env:A}`));
  t.false(isReference("hunter2"));
  t.true(hasReference(`x\${env:A}`));
  t.false(hasReference("$env:A"));
});

test("a reference that cannot be followed is told, all of them at once", (t) => {
  t.deepEqual(
    follow(
      `\${env:ABSENT}\${env:EMPTY}\${file:/absent}\${file:/run/secrets/empty}\${vault:x}\${env:}`,
    ),
    {
      text: null,
      faults: [
        "secret-env",
        "secret-env",
        "secret-file",
        "secret-empty",
        "bad-reference",
        "bad-reference",
      ],
    },
  );
});
