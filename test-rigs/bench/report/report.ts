import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { messageOf } from "../../../edge/core/errors.ts";
import { barPlot } from "./bar-plot.ts";
import { growthSection } from "./growth.ts";
import { latencySection } from "./latency.ts";
import { busSection, deadSection } from "./lines.ts";
import { busyLine, load, machineLines } from "./machine.ts";
import { barsText, sectionText } from "./markdown.ts";
import { type Bar, type Effort, type Section, verdictOf } from "./section.ts";
import { cliSection, startSection } from "./start.ts";
import { mostSection, steadySection } from "./steady.ts";
import { bufferSection, drainSection, wireSection } from "./stored.ts";

/** The parts of the report by the words after `--only`, in the order in which they are measured. */
const SECTIONS: Readonly<Record<string, (effort: Effort) => Promise<Section>>> = {
  steady: steadySection,
  most: mostSection,
  latency: latencySection,
  start: startSection,
  cli: cliSection,
  bus: busSection,
  dead: deadSection,
  buffer: bufferSection,
  drain: drainSection,
  wire: wireSection,
  growth: growthSection,
};

/** The words that `--only` takes. */
export const SECTION_NAMES: readonly string[] = Object.keys(SECTIONS);

/** What is to be measured, and where the report goes. */
export type ReportOrder = {
  readonly isQuick: boolean;
  readonly runs: number;
  /** Of `SECTION_NAMES`. */
  readonly only: readonly string[];
  readonly out: string;
};

/** Where the report goes if nobody says. */
export const DEFAULT_OUT: string = join(tmpdir(), `lifeline-bench-${process.pid}`);

type Measured = { readonly key: string; readonly section: Section | string };

/**
 * `npm run bench`: measures, prints the report and writes it with its pictures into a directory.
 * Resolves with whether every bar was met and everything was measured.
 */
export async function printReport(order: ReportOrder): Promise<boolean> {
  const { isQuick, runs, only, out } = order;
  mkdirSync(out, { recursive: true });
  const begun = performance.now();
  const loadBefore = load();
  const clock = () => `${Math.round((performance.now() - begun) / 1000)} s`.padStart(6);
  const tell = (progress: string) => process.stderr.write(`${clock()}  ${progress}\n`);
  const measured: Measured[] = [];
  for (const key of only) {
    const measure = SECTIONS[key];
    if (measure === undefined) continue;
    measured.push({ key, section: await measure({ isQuick, runs, tell }).catch(messageOf) });
  }
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  const head = [
    `# How good the gateway is`,
    `Measured in ${minutes} minutes, ${runs} ${runs === 1 ? "run" : "runs"}${isQuick ? ", the quick way" : ""}: medians, and from the least to the most. Load ${loadBefore.toFixed(1)} before, ${load().toFixed(1)} at the end.`,
    ...[busyLine(loadBefore, cpus().length)].filter((line) => line !== null),
    machineLines(out).join("\n"),
  ];
  const bars = measured.flatMap(({ section }) =>
    typeof section === "string" ? [] : (section.bars ?? []),
  );
  const parts = measured.map(({ key, section }) =>
    typeof section === "string"
      ? `## ${key}\n\nNOT MEASURED: ${section}`
      : sectionText(section, drawn(key, section, out)),
  );
  const failed = measured.filter(({ section }) => typeof section === "string");
  const verdict = verdictLine(bars, failed.length);
  const text = `${[...head, "## Bars", barsText(bars), `**${verdict}**`, ...parts].join("\n\n")}\n`;
  writeFileSync(join(out, "report.md"), text);
  writeFileSync(
    join(out, "report.json"),
    `${JSON.stringify({ ...order, loadBefore, measured })}\n`,
  );
  process.stdout.write(`${text}\n${verdict}\nReport and pictures: ${out}\n`);
  return failed.length === 0 && bars.every((bar) => verdictOf(bar) === "met");
}

/** Draws what of `section` is to be drawn into files; their names. */
function drawn(key: string, section: Section, out: string): readonly string[] {
  const bars = barPlot(section);
  const plots = { ...(bars === null ? {} : { [key]: bars }), ...section.plots };
  return Object.entries(plots).map(([name, svg]) => {
    writeFileSync(join(out, `${name}.svg`), svg);
    return `${name}.svg`;
  });
}

/** What became of all of it, in a line. */
export function verdictLine(bars: readonly Bar[], failed: number): string {
  const missed = bars.filter((bar) => verdictOf(bar) === "MISSED");
  const unknown = bars.filter((bar) => verdictOf(bar) === "not measured");
  const met = bars.length - missed.length - unknown.length;
  return [
    `${met} of ${bars.length} bars met`,
    ...missed.map(({ promise }) => `MISSED: ${promise}`),
    ...unknown.map(({ promise }) => `not measured: ${promise}`),
    ...(failed === 0 ? [] : [`${failed} parts of the report could not be measured`]),
  ].join("; ");
}
