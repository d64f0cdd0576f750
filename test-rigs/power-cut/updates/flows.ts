import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { goBack, keep } from "../../../ota/install/activate.ts";
import { installedIn } from "../../../ota/install/installed.ts";
import { prune } from "../../../ota/install/prune.ts";
import { tempDir } from "../../processes/child.ts";
import { codeOf } from "../../tuf/trust-rig.ts";
import type { Flow } from "../each-step.ts";
import { Box, publishInto, RELEASES, type ReleaseName } from "./box.ts";

const FLOW = fileURLToPath(new URL("flow.ts", import.meta.url));

/** How a flow of updates begins, and what it comes to. */
type Course = {
  readonly name: string;
  /** What there is when it begins. */
  readonly from: (box: Box) => Promise<void> | void;
  /** What `flow.ts` calls it; null: the boot guard, as before a start. */
  readonly run: string | null;
  /** What may be started after a cut; once it was promised, only the last of them. */
  readonly starts: readonly ReleaseName[];
  /** What is promised with which word. */
  readonly promise: "activated" | "kept" | "went back" | null;
  /** What runs, and was kept, once what was cut off was repeated. */
  readonly ends: ReleaseName;
};

/** The release `release` on trial, and started once. */
async function onTrial(box: Box, release: ReleaseName): Promise<void> {
  await box.bring(release);
  box.boot();
}

async function kept(box: Box, release: ReleaseName): Promise<void> {
  await onTrial(box, release);
  keep(box.activation, installedIn(box.folders), null);
  box.updater().confirmKept();
}

const COURSES: readonly Course[] = [
  {
    ...{ name: "learning what is current", from: () => {}, run: "refresh" },
    ...{ starts: ["first"], promise: null, ends: "second" },
  },
  {
    ...{ name: "fetching and installing by a delta", from: () => {}, run: "install second" },
    ...{ starts: ["first"], promise: null, ends: "second" },
  },
  {
    ...{ name: "fetching and installing with a runtime", from: () => {}, run: "install third" },
    ...{ starts: ["first"], promise: null, ends: "third" },
  },
  {
    name: "mending what runs",
    from: (box) => appendFileSync(join(box.folders.current, "app", "spoiled"), "x"),
    ...{ run: "install first", starts: ["first"], promise: null, ends: "second" },
  },
  {
    name: "putting in place",
    from: async (box) => void (await box.prepare("second")),
    ...{ run: "activate", starts: ["first", "second"], promise: "activated", ends: "second" },
  },
  {
    name: "a second update, from the look to the trial",
    from: (box) => kept(box, "second"),
    ...{ run: "bring", starts: ["second", "third"], promise: "activated", ends: "third" },
  },
  {
    name: "the first start of a candidate",
    from: (box) => box.bring("second"),
    ...{ run: null, starts: ["second"], promise: null, ends: "second" },
  },
  {
    name: "keeping by the guard",
    from: async (box) => {
      await onTrial(box, "second");
      box.says("healthy", "second");
    },
    ...{ run: null, starts: ["second"], promise: null, ends: "second" },
  },
  {
    name: "keeping by command",
    from: (box) => onTrial(box, "second"),
    ...{ run: "keep", starts: ["second"], promise: "kept", ends: "second" },
  },
  {
    name: "going back by the guard, from what says that it fails",
    from: async (box) => {
      await onTrial(box, "second");
      box.says("unhealthy", "second");
    },
    ...{ run: null, starts: ["first"], promise: null, ends: "first" },
  },
  {
    name: "going back by the guard, from what says nothing",
    from: async (box) => {
      await onTrial(box, "second");
      for (let start = 1; start < 3; start++) box.boot();
    },
    ...{ run: null, starts: ["first"], promise: null, ends: "first" },
  },
  {
    name: "going back by command",
    from: (box) => kept(box, "second"),
    ...{ run: "go back", starts: ["second", "first"], promise: "went back", ends: "first" },
  },
  {
    name: "taking back what was put in place",
    from: (box) => box.bring("second"),
    ...{ run: "withdraw", starts: ["second", "first"], promise: "went back", ends: "first" },
  },
];

/** The flows of updates, each on a disk of its own. */
export function updateFlows(): readonly Flow[] {
  const repositories = tempDir("repositories");
  publishInto(repositories);
  return COURSES.map((course) => flowOf(course, repositories));
}

/**
 * Starts of the box that are cut off early, before the gateway can say anything of itself: of a
 * candidate, or of a release that was kept.
 */
export function earlyStarts(of: "candidate" | "kept"): Flow {
  const repositories = tempDir("repositories");
  publishInto(repositories);
  return {
    name: `early starts of a ${of} release`,
    prepare: async (dir) => {
      const box = new Box(dir, repositories);
      await box.factory();
      await (of === "candidate" ? box.bring("second") : kept(box, "second"));
    },
    command: (dir) => new Box(dir, repositories).guardCommand,
    examine: (dir) => {
      const { fault, started } = new Box(dir, repositories).boot();
      const may = of === "kept" ? (["second"] as const) : (["first", "second"] as const);
      const isRight = may.some((name) => RELEASES[name].version === started);
      return fault === null && isRight ? [] : [fault ?? `${started} is started`];
    },
  };
}

function flowOf(course: Course, repositories: string): Flow {
  return {
    name: course.name,
    prepare: async (dir) => {
      const box = new Box(dir, repositories);
      await box.factory();
      await course.from(box);
    },
    command: (dir, control) => {
      if (course.run === null) return new Box(dir, repositories).guardCommand;
      return [process.execPath, FLOW, course.run, dir, repositories, control];
    },
    examine: (dir, before) => {
      const said = before.filter((text) => text.startsWith("said ")).map((text) => text.slice(5));
      return examine(new Box(dir, repositories), course, said);
    },
  };
}

async function examine(box: Box, course: Course, said: readonly string[]) {
  const faults: string[] = [];
  const { starts, promise, ends } = course;
  const before = box.steps;
  const { fault, started } = box.boot();
  if (fault !== null) return [fault];
  const isPromised = promise !== null && said.includes(promise);
  const may = (isPromised ? starts.slice(-1) : starts).map((each) => RELEASES[each].version);
  if (!may.includes(started)) faults.push(`${started} is started, not ${may.join(" or ")}`);
  faults.push(...forgotten(before, course, said), ...(await lost(box, said)));
  const isGuardsWay = course.run === null && ends === "first";
  const held = box.steps.find((line) => line.startsWith("rolled-back"));
  if (held !== undefined && course.run !== "go back" && !isGuardsWay) faults.push(`said: ${held}`);
  if (faults.length > 0) return faults;
  await finish(box, course);
  const end = box.boot();
  const { version } = RELEASES[ends];
  if (end.fault !== null) faults.push(`repeated: ${end.fault}`);
  if (end.started !== version) faults.push(`repeated: ${end.started} is started, not ${version}`);
  return [...faults, ...leftovers(box)];
}

/** What the journal was told before and does not say. */
function forgotten(steps: readonly string[], { starts }: Course, said: readonly string[]) {
  const last = RELEASES[starts.at(-1) ?? "first"].version;
  const told = [
    `committed ${RELEASES.first.version}`,
    ...(said.includes("activated") ? [`activated ${last}`] : []),
    ...(said.includes("kept") ? [`committed ${last}`] : []),
  ];
  return told.filter((line) => !steps.includes(line)).map((line) => `the journal forgot: ${line}`);
}

/** What was seen or confirmed before and would be fallen below now. */
async function lost(box: Box, said: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const host of said.includes("fresh") ? (["old", "known"] as const) : (["old"] as const)) {
    const code = await codeOf(box.passing(box.trust(host).refresh(box.signal)));
    if (code !== "ota.rollback") faults.push(`an older repository: ${code}`);
  }
  const floor = box.trust().releaseFloor;
  if (said.includes("confirmed") && floor < 2) faults.push(`${floor} is the least release`);
  return faults;
}

/** Brings what was cut off to its end, as the process that updates does when it runs again. */
async function finish(box: Box, { ends, run }: Course): Promise<void> {
  const { version } = RELEASES[ends];
  const { current, trial } = installedIn(box.folders);
  if (ends === "first") {
    if (trial !== null) box.says("unhealthy", "second");
    if (trial === null && run === "go back") {
      const again = Promise.try(() =>
        goBack(box.activation, installedIn(box.folders), "ota.asked"),
      );
      const code = await codeOf(again);
      if (code !== "accepted" && code !== "ota.no-way-back") throw new Error(`repeated: ${code}`);
    }
    box.boot();
    return;
  }
  if (current !== version) await box.bring(ends);
  if (installedIn(box.folders).trial !== null) {
    // A candidate says nothing before its first start.
    box.boot();
    box.says("healthy", ends);
    box.boot();
  }
  box.updater().confirmKept();
  prune(box.folders, null);
}

/** What lies there at the end and belongs to nothing. */
function leftovers({ folders }: Box): readonly string[] {
  const { releases, runtimes, trial } = folders;
  const names = [releases, runtimes].flatMap((folder) => readdirSync(folder));
  const odd = names.filter((name) => /\.(new|part|tmp)$/.test(name));
  return [...odd, ...(existsSync(trial) ? ["trial"] : [])].map((name) => `${name} was left`);
}
