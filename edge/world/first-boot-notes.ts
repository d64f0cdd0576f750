import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FirstBoot, type FirstBootNotes, firstBootIn } from "../core/first-boot.ts";
import { writeDurably } from "./durable-file.ts";

/** What the start of the machine notes (ota/image), in the gateway's folder of state. */
const REPORT = "first-boot.json";
/** The last report that the centre was told of. */
const TOLD = "first-boot.told";
/** How far the gateway is: `lifeline-stage.path` sees it change, and shows it. */
const STAGE = "stage";

/** What was noted in `dir` of what the card brought; null where nothing was. */
export function firstBootOf(dir: string): FirstBoot | null {
  const text = textOf(join(dir, REPORT));
  return text === null ? null : firstBootIn(text);
}

/** The notes in `dir`; null where no card brings anything. */
export function firstBootNotes(dir: string): FirstBootNotes | null {
  const report = join(dir, REPORT);
  if (!existsSync(report)) return null;
  return {
    untold: () => (textOf(report) === textOf(join(dir, TOLD)) ? null : firstBootOf(dir)),
    told: async () => writeDurably(join(dir, TOLD), textOf(report) ?? "", 0o640),
    show: async (stage) => writeDurably(join(dir, STAGE), `${stage}\n`, 0o640),
  };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
