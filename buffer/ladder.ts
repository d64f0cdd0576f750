/** Windows to which readings are thinned, in milliseconds: first to minutes, then to hours. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** One thinned message spans at most so long, in milliseconds: the windows that it holds are whole. */
const BLOCK_MS: Readonly<Record<number, number>> = {
  [MINUTE_MS]: 15 * MINUTE_MS,
  [HOUR_MS]: 24 * HOUR_MS,
};
/** The most readings that are thinned at once: so many are decoded within one commit. */
const READINGS_MAX = 60_000;
/** The most messages that are dropped at once. */
const DROPPED_MAX = 32;

/** A moment in a boot of the machine, which no setting of the clock moves. */
export type Moment = { readonly boot: number; readonly uptime: number };

/** Transitions of alarms: all that are near to some messages. */
export type Transitions = {
  /** Wall times, ascending. */
  readonly alarms: readonly number[];
  /** Their moments by the boot, ascending; empty where none are known. */
  readonly moments: ReadonlyMap<number, readonly number[]>;
};

/** A stored message of readings, as far as planning must know it. */
export type Message = {
  readonly seq: number;
  /** Wall time of its earliest reading as it is told, in milliseconds. */
  readonly at: number;
  /** Left out where it is not known. */
  readonly moment?: Moment;
  /** How many readings it holds. */
  readonly count: number;
};

/** What must not be touched. */
export type Bounds = Transitions & {
  /** How far before and behind the transition of an alarm messages stay whole, in milliseconds. */
  readonly aroundMs: number;
  /** Wall time of the newest message, in milliseconds. */
  readonly newestAt: number;
  /** What is not older than this may yet be the surroundings of an alarm, in milliseconds. */
  readonly youngMs: number;
  /** The seqs of messages that were to be thinned, and could not be. */
  readonly futile: ReadonlySet<number>;
};

/** What is to go next. */
export type Plan = {
  /** Messages to thin or to drop together, in their order; empty where none may be. */
  readonly bulk: readonly Message[];
  /** Up to this seq nothing is left to be found behind `bulk`; 0 where nothing was passed. */
  readonly passed: number;
};

/**
 * The first of `messages` to thin to windows of `windowMs`: those behind each other that may be,
 * up to the end of a block, whole windows where there are so many. `goesOn` says that there are
 * more messages than those.
 */
export function planThinning(
  messages: readonly Message[],
  windowMs: number,
  bounds: Bounds,
  goesOn: boolean,
): Plan {
  const isKept = (message: Message) =>
    isPassed(message, bounds) || isOpen(message, windowMs, bounds);
  const passed = passedBy(messages, bounds);
  const start = messages.findIndex((message) => !isKept(message));
  const first = messages[start];
  if (first === undefined) return { bulk: [], passed };
  const block = blockOf(first, windowMs);
  let readings = 0;
  let end = start;
  for (; end < messages.length; end++) {
    const message = messages[end] as Message;
    readings += message.count;
    if (blockOf(message, windowMs) !== block || isKept(message)) break;
    if (readings > READINGS_MAX && end > start) break;
  }
  const run = messages.slice(start, end);
  const isCut = end === messages.length ? goesOn : readings > READINGS_MAX;
  const bulk = isCut ? wholeWindows(run, messages[end], windowMs) : run;
  const isFirst = passed === (messages[start - 1]?.seq ?? 0);
  return { bulk, passed: isFirst ? (bulk.at(-1)?.seq ?? passed) : passed };
}

/** The first of `messages` to drop: those behind each other that may go, a few. */
export function planDrop(messages: readonly Message[], bounds: Bounds): Plan {
  const isKept = (message: Message) => isPassed(message, bounds) || isYoung(message.at, bounds);
  const passed = passedBy(messages, bounds);
  const start = messages.findIndex((message) => !isKept(message));
  if (start === -1) return { bulk: [], passed };
  const most = Math.max(1, Math.min(DROPPED_MAX, Math.ceil(messages.length / 20)));
  const rest = messages.slice(start, start + most);
  const end = rest.findIndex(isKept);
  return { bulk: end === -1 ? rest : rest.slice(0, end), passed };
}

/** The last of those at the beginning that are never to be asked for again; 0 where none is. */
function passedBy(messages: readonly Message[], bounds: Bounds): number {
  const next = messages.findIndex((message) => !isPassed(message, bounds));
  return messages[next === -1 ? messages.length - 1 : next - 1]?.seq ?? 0;
}

/** Whether `message` is an alarm's surroundings, or cannot be thinned: no time changes that. */
function isPassed(message: Message, bounds: Bounds): boolean {
  return bounds.futile.has(message.seq) || isAround(message, 0, bounds);
}

/**
 * Whether what was acquired from `message` on for `spanMs` is the surroundings of an alarm's
 * transition: by the moments of one boot, or by wall time, which also tells of another boot.
 */
export function isAround(
  { at, moment }: Pick<Message, "at" | "moment">,
  spanMs: number,
  { alarms, moments, aroundMs }: Transitions & Pick<Bounds, "aroundMs">,
): boolean {
  if (isNear(alarms, at, spanMs, aroundMs)) return true;
  const own = moment && moments.get(moment.boot);
  return own !== undefined && isNear(own, moment?.uptime ?? 0, spanMs, aroundMs);
}

/** Whether one of `times`, which ascend, is within `aroundMs` of `from` to `spanMs` later. */
function isNear(times: readonly number[], from: number, spanMs: number, aroundMs: number): boolean {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < from - aroundMs) low = middle + 1;
    else high = middle;
  }
  const next = times[low];
  return next !== undefined && next <= from + spanMs + aroundMs;
}

/** Whether `at` may yet come to be near an alarm. A clock that was set back has no future. */
function isYoung(at: number, { newestAt, youngMs }: Bounds): boolean {
  return at <= newestAt && at > newestAt - youngMs;
}

/** Whether the window of `message` is not over, or young. */
function isOpen({ at }: Message, windowMs: number, { newestAt, youngMs }: Bounds): boolean {
  const end = Math.floor(at / windowMs) * windowMs + windowMs;
  return at <= newestAt && end > newestAt - youngMs;
}

function blockOf({ at }: Message, windowMs: number): number {
  return Math.floor(at / (BLOCK_MS[windowMs] ?? windowMs));
}

/** `run` without those at its end that share a window with `next`, where others are left. */
function wholeWindows(
  run: readonly Message[],
  next: Message | undefined,
  windowMs: number,
): readonly Message[] {
  const last = next ?? run.at(-1);
  const cut = last === undefined ? null : Math.floor(last.at / windowMs);
  const whole = run.filter(({ at }) => Math.floor(at / windowMs) !== cut);
  return whole.length === 0 ? run : whole;
}
