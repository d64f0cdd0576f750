import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The name of the gateway's unit, systemd.unit(5). */
export const UNIT = "lifeline";
/** The most lines that are asked for. */
const LINES_MAX = 1_000;
/** How long the journal may take, and how much it may say. */
const PATIENCE_MS = 10_000;
const BYTES_MAX = 4_000_000;

/**
 * The newest lines that the journal keeps of the gateway's unit, from `since` on in Unix
 * milliseconds (null: whenever); empty where it keeps none, or there is no journal.
 */
export async function journalLines(since: number | null): Promise<readonly string[]> {
  const from = since === null ? [] : [`--since=@${Math.floor(since / 1000)}`];
  const args = ["--unit", UNIT, "--output=cat", "--no-pager", "--quiet", "--lines", `${LINES_MAX}`];
  try {
    const options = { timeout: PATIENCE_MS, maxBuffer: BYTES_MAX };
    const { stdout } = await promisify(execFile)("journalctl", [...args, ...from], options);
    return stdout.split("\n").filter((line) => line.trim() !== "");
  } catch {
    return [];
  }
}
