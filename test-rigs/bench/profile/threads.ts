import { readdirSync, readFileSync } from "node:fs";

/** The threads of a gateway: its own two, and what Node has beside them. */
export const THREADS = ["main", "buffer", "helpers", "others"] as const;

/** Processor time of a process by its threads, in milliseconds. */
export type ThreadTimes = Readonly<Record<(typeof THREADS)[number], number>>;

/** What the threads of process `pid` have used so far, by the scheduler's account. */
export function threadTimes(pid: number): ThreadTimes {
  const times = { main: 0, buffer: 0, helpers: 0, others: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const dir = `/proc/${pid}/task/${thread}`;
    const [ranNs] = readFileSync(`${dir}/schedstat`, "utf8").split(" ");
    const name = readFileSync(`${dir}/comm`, "utf8").trim();
    times[thread === `${pid}` ? "main" : kindOf(name)] += Number(ranNs) / 1e6;
  }
  return times;
}

/** By the names that Node gives them. */
function kindOf(name: string): (typeof THREADS)[number] {
  if (name === "WorkerThread") return "buffer";
  return name.startsWith("V8Worker") ? "helpers" : "others";
}

/** What was used from `before` to `after`. */
export function timesBetween(before: ThreadTimes, after: ThreadTimes): ThreadTimes {
  const differences = THREADS.map((thread) => [thread, after[thread] - before[thread]] as const);
  return Object.fromEntries(differences) as ThreadTimes;
}
