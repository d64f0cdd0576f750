import { markdownTable } from "../reference/markdown-table.ts";
import type { Promised } from "./promises.ts";

/** How the command of a promise came out when it was run last. */
export type Result = {
  /** As it was typed then: what is proved by another command is not proved by this. */
  readonly command: string;
  /** The day, as `2026-11-28`. */
  readonly on: string;
  /** Of what it was run, with `DIRTY` where files differed; left out where that is not known. */
  readonly commit?: string;
  readonly isKept: boolean;
  /** The last line that the command printed. */
  readonly verdict: string;
};

/** Results by the name of their promise. */
export type Results = Readonly<Record<string, Result>>;

/** Between these the README holds the table. */
export const MARKS = ["<!-- scorecard -->", "<!-- /scorecard -->"] as const;

/** Stands behind a commit that does not hold what was run. */
export const DIRTY = "-dirty";

/** Longer verdicts are cut off: a table is to be read. */
const LONGEST = 200;

/** The last line of what a command printed that says anything. */
export function verdictOf(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const last = lines.findLast((line) => line !== "") ?? "";
  return last.length > LONGEST ? `${last.slice(0, LONGEST - 1)}…` : last;
}

/** What keeps a promise from counting as proved: empty where it is. */
export function doubts(
  promises: readonly Promised[],
  results: Results,
  scripts: Readonly<Record<string, string>>,
): readonly string[] {
  const of = ({ name, command, tests }: Promised): readonly (string | false)[] => {
    const result = results[name];
    const script = /^npm run ([\w:-]+)/.exec(command)?.[1];
    return [
      script !== undefined && !Object.hasOwn(scripts, script) && `there is no script ${script}`,
      tests.length === 0 && "no test of a commit protects it",
      result === undefined && "it was never proved",
      result !== undefined && !result.isKept && `it is not kept: ${result.verdict}`,
      result !== undefined && result.command !== command && "it was proved by another command",
      result?.commit?.endsWith(DIRTY) === true && "it was proved of files that no commit holds",
    ];
  };
  const names = new Set(promises.map(({ name }) => name));
  const strange = Object.keys(results).filter((name) => !names.has(name));
  return [
    ...promises.flatMap((each) =>
      of(each).flatMap((doubt) => (doubt === false ? [] : [`${each.name}: ${doubt}`])),
    ),
    ...strange.map((name) => `${name}: there is a result, and no such promise`),
  ];
}

/** The table of promises as it stands in the README, its cells padded. */
export function scorecard(promises: readonly Promised[], results: Results): string {
  const rows = promises.map(({ name, promise, command }) => {
    const { verdict = "not proved", on, commit } = results[name] ?? {};
    const of = [on, commit].filter((each) => each !== undefined).join(", ");
    return [promise, `\`${command}\``, of === "" ? verdict : `${verdict} (${of})`];
  });
  return markdownTable([["what is promised", "what proves it", "how it came out last"], ...rows]);
}

/** `readme` with `table` between its marks; throws where it has none. */
export function withScorecard(readme: string, table: string): string {
  const [begin, end] = MARKS.map((mark) => readme.indexOf(mark)) as [number, number];
  if (begin < 0 || end < begin) throw new Error(`the README has no ${MARKS.join(" … ")}`);
  return `${readme.slice(0, begin)}${MARKS[0]}\n\n${table}\n\n${readme.slice(end)}`;
}
