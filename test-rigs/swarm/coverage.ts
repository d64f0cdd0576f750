import { type Reached, TO_REACH } from "./reached.ts";

/** How much of one file was reached. */
export type FileCover = {
  readonly file: string;
  readonly branches: { readonly covered: number; readonly total: number };
  /** The numbers of the lines with a branch that was not. */
  readonly lines: readonly number[];
};

/** The share of the branches that were reached; 1 where there are none. */
export function shareOf({ branches: { covered, total } }: Pick<FileCover, "branches">): number {
  return total === 0 ? 1 : covered / total;
}

type Count = { times: number; seeds: number; first: number };

/** Adds up what seeds reached. */
export class Tally {
  readonly #counts = new Map<string, Count>();

  add(seed: number, reached: Reached): void {
    for (const [name, times] of Object.entries(reached)) {
      const known = this.#counts.get(name) ?? { times: 0, seeds: 0, first: seed };
      this.#counts.set(name, { ...known, times: known.times + times, seeds: known.seeds + 1 });
    }
  }

  /** What was reached, by its name. */
  get all(): readonly (readonly [string, Readonly<Count>])[] {
    return [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** What had to be reached and was not. */
  get missing(): readonly string[] {
    return TO_REACH.filter((name) => !this.#counts.has(name));
  }
}

/** The page on what befell the gateway: how often, in how many of `seeds`, and in which first. */
export function reachedLines(tally: Tally, seeds: number): readonly string[] {
  const rows = tally.all.map(
    ([name, { times, seeds: of, first }]) =>
      `| ${name.padEnd(32)} | ${String(times).padStart(7)} | ${String(of).padStart(5)} | ${String(first).padStart(5)} |`,
  );
  const missing = tally.missing.map((name) => `| ${name.padEnd(32)} |   never |       |       |`);
  return [
    `# What ${seeds} seeds reached`,
    "",
    `| ${"what befell the gateway".padEnd(32)} |   times | seeds | first |`,
    "| :--- | ---: | ---: | ---: |",
    ...rows,
    ...missing,
  ];
}

/** The page on the branches: the share of all, and what each file lacks. */
export function branchLines(files: readonly FileCover[]): readonly string[] {
  const sum = (of: (file: FileCover) => number) => files.reduce((all, file) => all + of(file), 0);
  const branches = {
    covered: sum(({ branches: { covered } }) => covered),
    total: sum(({ branches: { total } }) => total),
  };
  const percent = (one: Pick<FileCover, "branches">) => `${(100 * shareOf(one)).toFixed(1)} %`;
  const lacking = files.filter((file) => shareOf(file) < 1);
  return [
    "",
    `# Branches: ${percent({ branches })} of ${branches.total} in ${files.length} files that ran`,
    "",
    ...lacking.map(
      (file) => `${percent(file).padStart(7)}  ${file.file}: lines ${file.lines.join(", ")}`,
    ),
  ];
}
