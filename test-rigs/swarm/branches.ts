import { type Profiler, Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";
import coverageReport from "monocart-coverage-reports";
import { type FileCover, shareOf } from "./coverage.ts";

/** The rooms whose branches count. */
const ROOMS = /\/(edge|drivers|buffer)\//;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Counts from now on which branches of the program run, in this process. */
export async function watchBranches(): Promise<Session> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return session;
}

/** What ran since, by file, the least reached first; files that were never loaded are not among them. */
export async function branchesReached(session: Session): Promise<readonly FileCover[]> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  await session.post("Profiler.stopPreciseCoverage");
  await session.post("Debugger.enable");
  const scripts = await Promise.all(result.filter(isOwn).map((one) => withSource(session, one)));
  session.disconnect();
  const report = coverageReport({ logging: "error", reports: [["none"]] });
  await report.add(scripts);
  const results = await report.generate();
  const files = (results?.files ?? []).map(coverOf);
  return files.toSorted((a, b) => shareOf(a) - shareOf(b));
}

function isOwn({ url }: Profiler.ScriptCoverage): boolean {
  const isProgram = url.startsWith("file:") && url.endsWith(".ts") && !/\.test\.ts$/.test(url);
  return isProgram && ROOMS.test(`/${pathOf(url)}`) && !pathOf(url).startsWith("test-rigs");
}

/** With its text as it runs: types are stripped to blanks, so that every line stays where it is. */
async function withSource(session: Session, script: Profiler.ScriptCoverage) {
  const { scriptId } = script;
  const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
  return { ...script, source: scriptSource };
}

function pathOf(url: string): string {
  return fileURLToPath(url).slice(ROOT.length);
}

type Results = NonNullable<Awaited<ReturnType<ReturnType<typeof coverageReport>["generate"]>>>;

function coverOf({ url = "", source = "", summary, data }: Results["files"][number]): FileCover {
  const missed = (data?.branches ?? []).filter(({ count, ignored }) => count === 0 && !ignored);
  const lineAt = (at: number) => source.slice(0, at).split("\n").length;
  const { covered, total } = summary.branches;
  return {
    file: pathOf(url),
    branches: { covered, total },
    lines: [...new Set(missed.map(({ start }) => lineAt(start)))],
  };
}
