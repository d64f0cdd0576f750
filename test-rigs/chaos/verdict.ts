import { setTimeout as sleep } from "node:timers/promises";
import { Audit } from "../receiver/audit.ts";
import { readArchive } from "./archive.ts";
import {
  findBrokenContract,
  findDifference,
  findHoles,
  findUntrue,
  findWrongAlarms,
  type Hole,
  holesIn,
} from "./judge.ts";
import type { Truth } from "./plant.ts";
import { type Content, contentOf } from "./rows.ts";
import type { Seen } from "./run.ts";
import { CENTRES, type CentreName, type Site } from "./site.ts";

/** What a centre has in the end. */
export type Account = {
  readonly centre: CentreName;
  readonly messages: number;
  readonly repeated: number;
  readonly readings: number;
  readonly alarms: number;
  /** When devices could not be read. */
  readonly holes: readonly Hole[];
  /** What befell the buffer, as it was told. */
  readonly buffer: Content["buffer"];
};

/** What is to be said of a run. */
export type Verdict = {
  readonly accounts: readonly Account[];
  readonly starts: number;
  /** What is wrong, in words; empty where nothing is. */
  readonly faults: readonly string[];
};

/** With `MemoryMax` of the unit at 300 M this is far from its end. */
const RSS_MAX_MIB = 200;
/** The farewell may be on its way. */
const FAREWELL_MS = 2_000;

/** Judges what the centres of `site` have stored, and what was `seen` of the gateway that has ended. */
export async function verdictOn(site: Site, seen: Seen, truth: Truth): Promise<Verdict> {
  await sleep(FAREWELL_MS);
  const archives = CENTRES.map((centre) => readArchive(site.archiveOf(centre)));
  const [city = [], county = []] = archives;
  const excused = [...site.gateway.spans, ...seen.lostWithDisk];
  const judged = CENTRES.map((centre, i) => {
    const archive = archives[i] ?? [];
    const content = contentOf(archive, seen.offClocks);
    const holes = holesIn(content.readings, truth, excused);
    const faults = [
      ...findBrokenContract(archive, seen.heads),
      ...findUntrue(content.readings, truth),
      ...findHoles(holes),
      ...findWrongAlarms(content.readings, content.alarms, truth),
    ];
    const audit = new Audit();
    for (const { topic, payload } of archive) audit.take(topic, payload);
    const { readings = [], events = [] } = audit.report("gw-chaos") ?? {};
    const account = {
      centre,
      messages: archive.length,
      repeated: [...readings, ...events].reduce((sum, { duplicates }) => sum + duplicates, 0),
      readings: content.readings.length,
      alarms: content.alarms.length,
      holes,
      buffer: content.buffer,
    };
    return { account, faults: faults.map((fault) => `${centre}: ${fault}`) };
  });
  return {
    accounts: judged.map(({ account }) => account),
    starts: site.gateway.starts,
    faults: [
      ...site.gateway.crashes.map((crash) => `the gateway ${crash}`),
      ...findUnwell(seen),
      ...judged.flatMap(({ faults }) => faults),
      ...findDifference(city, county),
    ],
  };
}

function findUnwell({ befallen, calmAfterS, rssMaxMib }: Seen): readonly string[] {
  const mute = befallen.filter(({ found }) => found === null);
  const ill = befallen.filter(({ wellAfterS }) => wellAfterS === null);
  return [
    ...mute.map(({ planned }) => `the doctor did not answer amid ${planned.kind}`),
    ...ill.map(({ planned }) => `it was not well again after ${planned.kind}`),
    ...(calmAfterS === null ? ["not all is well and delivered in the end"] : []),
    ...(rssMaxMib > RSS_MAX_MIB ? [`it took ${Math.round(rssMaxMib)} MiB of memory`] : []),
  ];
}
