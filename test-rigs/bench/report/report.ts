import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { messageOf } from "../../../edge/core/errors.ts";
import { barPlot } from "./bar-plot.ts";
import { cliSection } from "./cli.ts";
import { growthSection } from "./growth.ts";
import { latencySection } from "./latency.ts";
import { busSection, deadSection } from "./lines.ts";
import { busyLine, load, machineLines, peersLine } from "./machine.ts";
import { barsText, sectionText } from "./markdown.ts";
import { type Bar, type Effort, type Section, verdictOf } from "./section.ts";
import { mostSection, steadySection } from "./steady.ts";
import { bufferSection, drainSection, wireSection } from "./stored.ts";

/** The parts of the report by the words after `--only`, in the order in which they are measured. */
const SECTIONS: Readonly<Record<string, (effort: Effort) => Promise<Section>>> = {
  steady: steadySection,
  most: mostSection,
  latency: latencySection,
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

/** A part that was measured, with its pictures; as a text, why it could not be. */
type Measured = {
  readonly key: string;
  readonly section: Section | string;
  readonly pictures: readonly string[];
};

/**
 * `npm run bench`: measures, writes the report with its pictures into a directory, anew after each
 * part, and prints it. Resolves with whether every bar was met and everything was measured.
 */
export async function printReport(order: ReportOrder): Promise<boolean> {
  const { isQuick, runs, only, out } = order;
  mkdirSync(out, { recursive: true });
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  const tell = (progress: string) =>
    process.stderr.write(`${`${seconds()} s`.padStart(6)}  ${progress}\n`);
  const loadBefore = load();
  const machine = [
    ...[busyLine(loadBefore, cpus().length)].filter((line) => line !== null),
    [...machineLines(out), peersLine()].join("\n"),
  ];
  const measured: Measured[] = [];
  let text = "";
  for (const key of only) {
    const section = await SECTIONS[key]?.({ isQuick, runs, tell }).catch(messageOf);
    if (section === undefined) continue;
    measured.push({ key, section, pictures: drawn(key, section, out) });
    const how = `${runs} ${runs === 1 ? "run" : "runs"}${isQuick ? ", the quick way" : ""}`;
    text = reportText(measured, [
      `Measured in ${(seconds() / 60).toFixed(1)} minutes, ${how}: medians, and from the least to the most. Load ${loadBefore.toFixed(1)} before, ${load().toFixed(1)} at the end.`,
      ...machine,
    ]);
    writeFileSync(join(out, "report.md"), text);
    writeFileSync(join(out, "report.json"), `${JSON.stringify({ ...order, measured })}\n`);
  }
  const { bars, failed } = whole(measured);
  process.stdout.write(`${text}\nReport and pictures: ${out}\n${verdictLine(bars, failed)}\n`);
  return failed === 0 && bars.every((bar) => verdictOf(bar) === "met");
}

/** All bars of `measured`, and how many parts of it could not be measured. */
function whole(measured: readonly Measured[]) {
  const sections = measured.map(({ section }) => section);
  return {
    bars: sections.flatMap((section) => (typeof section === "string" ? [] : (section.bars ?? []))),
    failed: sections.filter((section) => typeof section === "string").length,
  };
}

function reportText(measured: readonly Measured[], head: readonly string[]): string {
  const { bars, failed } = whole(measured);
  const parts = measured.map(({ key, section, pictures }) =>
    typeof section === "string"
      ? `## ${key}\n\nNOT MEASURED: ${section}`
      : sectionText(section, pictures),
  );
  return `${[
    "# How good the gateway is",
    ...head,
    "## Bars",
    barsText(bars),
    `**${verdictLine(bars, failed)}**`,
    ...parts,
  ].join("\n\n")}\n`;
}

/** Draws what of `section` is to be drawn into files; their names. */
function drawn(key: string, section: Section | string, out: string): readonly string[] {
  if (typeof section === "string") return [];
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
