import { setTimeout as sleep } from "node:timers/promises";
import { growthOf, isWorseThan, type Step } from "./exponent.ts";
import { type BacklogCosts, backlogCosts } from "./growth-backlog.ts";
import { type Fitted, growthPlot } from "./growth-plot.ts";
import { type Job, type Load, type PreparedGateway, preparedGateway } from "./peers.ts";
import { type Bar, type Effort, medianOf, type Row, type Section, shown } from "./section.ts";
import { type Figures, type Started, startOn, watch } from "./started.ts";
import { statusCpuMs } from "./status-cost.ts";

const WARM_MS = 5000;

/** A size that grows, and what a gateway of each does. */
type Axis = {
  readonly key: string;
  readonly name: string;
  readonly sizes: readonly number[];
  readonly loadOf: (size: number) => Load & { readonly destinations: number };
};

const AXES: readonly Axis[] = [
  {
    ...{ key: "points", name: "points, each once a second", sizes: [100, 300, 1000, 3000, 10_000] },
    loadOf: (size) => ({ devices: 10, registers: size / 10, everyMs: 1000, destinations: 1 }),
  },
  {
    ...{ key: "devices", name: "devices of 10 points on buses of their own" },
    sizes: [1, 4, 16, 64, 250],
    loadOf: (size) => ({ devices: size, registers: 10, everyMs: 1000, destinations: 1 }),
  },
  {
    ...{ key: "destinations", name: "destinations of 1,000 points/s", sizes: [1, 2, 3, 5] },
    loadOf: (size) => ({ devices: 10, registers: 100, everyMs: 1000, destinations: size }),
  },
];
/** Of a backlog, in hours. */
const HOURS = [1, 6, 24, 168, 720];
const BACKLOG = "hours of backlog";

/** What a gateway of a size costs. */
type Costs = {
  readonly figures: Figures;
  readonly firstMs: number;
  readonly statusMs: number;
};

/** A cost of one axis, and the exponent up to which it grows no worse than linear. */
type Cost<T> = readonly [name: string, most: number, of: (costs: T) => number];

const COSTS: readonly Cost<Costs>[] = [
  ["CPU", 1, ({ figures }) => figures.cpuPercent],
  ["memory", 1, ({ figures }) => figures.rssMib],
  ["start", 1, ({ firstMs }) => firstMs],
  ["status, CPU a call", 1, ({ statusMs }) => statusMs],
];
const BACKLOG_COSTS: readonly Cost<BacklogCosts>[] = [
  ["drain, CPU a reading", 0, ({ drainUs }) => drainUs],
  ["memory", 1, ({ rssMib }) => rssMib],
  ["start", 1, ({ startMs }) => startMs],
  ["status, CPU a call", 1, ({ statusMs }) => statusMs],
];

/** A cost that was fitted, and how fast it may grow. */
type Judged = Fitted & { readonly axis: string; readonly most: number };

/** How each cost grows with points, devices, destinations and backlog. */
export async function growthSection(effort: Effort): Promise<Section> {
  const judged: Judged[] = [];
  const plots: Record<string, string> = {};
  const tens: Costs[] = [];
  const add = (key: string, axis: string, fits: readonly Judged[]) => {
    judged.push(...fits);
    plots[`growth-${key}`] = growthPlot(`Growth with ${axis}`, axis, fits);
  };
  for (const axis of AXES) {
    const all = new Map(axis.sizes.map((size) => [size, [] as Costs[]]));
    for (let run = 1; run <= growthRuns(effort); run++) {
      effort.tell(`growth with ${axis.key}, run ${run} of ${growthRuns(effort)}`);
      await oneRun(axis, effort, all);
    }
    add(axis.key, axis.name, fitted(axis.name, COSTS, all));
    if (axis.key === "points") tens.push(...(all.get(10_000) ?? []));
  }
  add("backlog", BACKLOG, fitted(BACKLOG, BACKLOG_COSTS, await backlogs(effort)));
  return {
    title: "Growth",
    text: `What each cost is at a size to the power of the exponent: 1 is linear, 0 does not grow. Fitted by least squares through the logarithms, ± two standard errors; "at the end" is from the last size but one to the last, where a fixed cost hides nothing. Medians of the costs stand from the least size to the largest. CPU in % of a core, memory in MiB, start and status in ms, drain in µs; a gateway per size, all sizes of an axis at the same time.`,
    columns: ["exponent", "at the end", "may be", "costs by size", "verdict"],
    rows: judged.map(rowOf),
    bars: [...barsOf(judged), ...tenThousandBars(tens)],
    plots,
  };
}

/** The quick way takes every size once: five sizes say more of an exponent than runs do. */
function growthRuns({ isQuick, runs }: Effort): number {
  return isQuick ? 1 : runs;
}

/** A gateway of a size that runs. */
type Sized = {
  readonly size: number;
  readonly load: Load;
  readonly running: Started;
  readonly gateway: PreparedGateway;
};

async function oneRun(axis: Axis, effort: Effort, all: Map<number, Costs[]>): Promise<void> {
  const seconds = effort.isQuick ? 8 : 30;
  const started: Sized[] = [];
  try {
    for (const size of axis.sizes) started.push(await startSized(size, axis.loadOf(size)));
    await sleep(WARM_MS);
    const figures = await Promise.all(
      started.map(({ running, load }) => watch(running, load, seconds)),
    );
    for (const [at, { size, running, gateway }] of started.entries()) {
      const costs = {
        firstMs: running.firstMs,
        statusMs: await statusCpuMs(running.child, gateway),
      };
      all.get(size)?.push({ figures: figures[at] as Figures, ...costs });
    }
  } finally {
    for (const { running } of started) await running.end();
  }
}

async function startSized(
  size: number,
  { destinations, ...load }: ReturnType<Axis["loadOf"]>,
): Promise<Sized> {
  const prepared: PreparedGateway[] = [];
  const prepare = async (job: Job) => {
    const gateway = await preparedGateway(job);
    prepared.push(gateway);
    return gateway.start;
  };
  const running = await startOn({ name: `a gateway of ${size}`, prepare }, load, destinations);
  return { size, load, running, gateway: prepared[0] as PreparedGateway };
}

async function backlogs(effort: Effort): Promise<ReadonlyMap<number, readonly BacklogCosts[]>> {
  const all = new Map(HOURS.map((hours) => [hours, [] as BacklogCosts[]]));
  for (let run = 1; run <= growthRuns(effort); run++) {
    for (const hours of HOURS) {
      effort.tell(`growth with backlog, run ${run} of ${growthRuns(effort)}: ${hours} hours`);
      all.get(hours)?.push(await backlogCosts(hours, effort.isQuick ? 5000 : Infinity));
    }
  }
  return all;
}

function fitted<T>(
  axis: string,
  costs: readonly Cost<T>[],
  all: ReadonlyMap<number, readonly T[]>,
): readonly Judged[] {
  return costs.map(([name, most, of]) => {
    const steps: readonly Step[] = [...all].map(([size, each]) => ({ size, costs: each.map(of) }));
    return { axis, name, most, steps, growth: growthOf(steps) };
  });
}

function rowOf({ axis, name, most, steps, growth }: Judged): Row {
  const { exponent, spread, atTheEnd } = growth;
  const sizes = steps.map(({ costs }) =>
    shown([medianOf(costs)], costs.some((cost) => cost < 10) ? 2 : 0),
  );
  return {
    name: `${axis}: ${name}`,
    digits: 2,
    cells: [
      `${exponent.toFixed(2)} ± ${spread.toFixed(2)}`,
      [atTheEnd],
      `${most}`,
      sizes.join(", "),
      isWorseThan(growth, most) ? "WORSE" : "as it may",
    ],
  };
}

function barsOf(judged: readonly Judged[]): readonly Bar[] {
  const worse = judged.filter(({ growth, most }) => isWorseThan(growth, most)).length;
  const promise = `of ${judged.length} costs, those that grow worse than linear`;
  return [{ promise, sense: "at most", limit: 0, unit: "", digits: 0, values: [worse] }];
}

function tenThousandBars(costs: readonly Costs[]): readonly Bar[] {
  const what = "10,000 points/s over Modbus TCP";
  const values = (of: (figures: Figures) => number) => costs.map(({ figures }) => of(figures));
  return [
    {
      ...{ promise: `CPU at ${what}`, sense: "at most", limit: 25, unit: "% of a core" },
      // What was missing would have cost as much again.
      ...{ digits: 1, values: values((each) => each.cpuPercent / (1 - each.missingPercent / 100)) },
    },
    {
      ...{ promise: `missing at ${what}`, sense: "at most", limit: 0, unit: "%", digits: 2 },
      values: values(({ missingPercent }) => missingPercent),
    },
  ];
}
