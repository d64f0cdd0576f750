import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type BatchSettings,
  type Box,
  disorderIn,
  enrolled,
  identityOf,
  issuedIn,
  makeCards,
  startServer,
  takeCards,
} from "./first-boots.ts";
import { labelFaults } from "./label-codes.ts";

/** What came of the first starts of a batch. */
export type Booted = {
  readonly boxes: readonly Box[];
  /** How long all enrolments took together, in milliseconds, with the server killed once. */
  readonly enrolMs: number;
  /** How often the most patient of them asked. */
  readonly mostTries: number;
  readonly disorder: readonly string[];
};

/**
 * From a table of sites to gateways with an identity each: makes the batch and its cards, lets each box
 * take its own, and enrols all of them at once, with the server killed when half of them are done.
 * `start` is called before there is a server, and returns those that it started as whole gateways, which
 * enrol by themselves.
 */
export async function bootAll(
  settings: BatchSettings,
  tell: (line: string) => void,
  start: (boxes: readonly Box[]) => Promise<readonly Box[]> = () => Promise.resolve([]),
): Promise<Booted> {
  const { dir, count } = settings;
  let from = performance.now();
  const ms = () => Math.round(performance.now() - from);
  await makeCards(settings);
  tell(`${count} cards written in ${ms()} ms`);
  from = performance.now();
  const boxes = takeCards(dir);
  tell(
    `${boxes.length} cards read back, verified and taken in ${ms()} ms, nothing of another's on any`,
  );
  from = performance.now();
  const unlike = labelFaults(join(dir, "batch"));
  tell(`codes of ${boxes.length} labels read in ${ms()} ms, ${unlike.length} of them wrong`);
  const started = await start(boxes);
  const end = new AbortController();
  from = performance.now();
  const others = boxes.filter((box) => !started.includes(box));
  const all = Promise.all(others.map((box) => enrolled(identityOf(box), end.signal)));
  let server = await startServer(settings);
  try {
    while (issuedIn(dir) < count / 2) await sleep(1);
    await server.end("SIGKILL");
    tell(`killed the server behind ${issuedIn(dir)} certificates`);
    server = await startServer(settings);
    const tries = await all;
    while (started.some((box) => identityOf(box).standing().state !== "enrolled")) await sleep(20);
    const enrolMs = ms();
    tell(`${boxes.length} enrolled in ${enrolMs} ms, with ${Math.max(...tries)} tries at the most`);
    await server.end("SIGKILL");
    const mostTries = Math.max(...tries);
    return { boxes, enrolMs, mostTries, disorder: [...unlike, ...disorderIn(dir, boxes)] };
  } finally {
    end.abort();
    await server.end("SIGKILL");
  }
}
