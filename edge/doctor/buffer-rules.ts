import type { Survey } from "../../buffer/survey.ts";
import type { WallMs } from "../core/time.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { hours, megabytes, percent } from "./moment-text.ts";

/** What waits for less long is no backlog, in milliseconds. */
const NOTABLE_MS = 900_000;
/** Nor are fewer messages. */
const NOTABLE = 60;
const DAY_MS = 86_400_000;
/** The name by which other findings explain those about the buffer. */
const BUFFER = "buffer";

/** What is wrong with what is stored and owed. */
export function bufferRules(facts: Facts): readonly Finding[] {
  return [
    ...damage(facts),
    ...aside(facts),
    ...retention(facts),
    ...failing(facts),
    ...growing(facts),
  ];
}

function damage({ buffer }: Facts): readonly Finding[] {
  if (buffer?.kind !== "unreadable" || buffer.code !== "buffer.damaged") return [];
  return [
    {
      code: "buffer.damaged",
      subject: BUFFER,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [{ raw: buffer.text }],
    },
  ];
}

/** Databases that had to make way. */
function aside({ buffer }: Facts): readonly Finding[] {
  if (buffer?.kind !== "read") return [];
  const damaged = buffer.survey.aside.filter(({ why }) => why === "damaged");
  const last = damaged.at(-1);
  if (last === undefined) return [];
  return [
    {
      code: "buffer.was-damaged",
      subject: last.file,
      since: last.at as WallMs,
      sure: "certain",
      severity: "warning",
      evidence: damaged.map(({ file, bytes }) => ({
        key: "keptAside",
        values: { file, mb: megabytes(bytes) },
      })),
    },
  ];
}

/** Readings are thinned or dropped for want of room. */
function retention({ status }: Facts): readonly Finding[] {
  const what = status?.buffer.retention ?? "keeping";
  if (status === null || what === "keeping" || what === "expiring") return [];
  const { bytes, maxBytes } = status.buffer;
  const values = {
    mb: megabytes(bytes),
    max: megabytes(maxBytes),
    share: percent(bytes, maxBytes),
  };
  return [
    {
      code: "buffer.full",
      subject: BUFFER,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [
        { key: "bufferSize", values },
        { key: RETENTION[what], values: {} },
      ],
    },
  ];
}

const RETENTION = {
  thinning: "isThinning",
  dropping: "isDropping",
  refusing: "isRefusing",
} as const;

/** What the disk does not take, for reasons that the disk itself does not show. */
function failing({ status }: Facts): readonly Finding[] {
  const code = status?.buffer.failing ?? null;
  if (status === null || code === null) return [];
  const { waiting, waitingEvents, refused } = status.buffer;
  return [
    {
      code: "buffer.failing",
      subject: BUFFER,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [
        { key: "bufferSays", values: { code } },
        { key: "inMemory", values: { readings: waiting, events: waitingEvents, refused } },
      ],
    },
  ];
}

/** A backlog that nobody takes, or more slowly than it grows. */
function growing(facts: Facts): readonly Finding[] {
  const { at, buffer, status } = facts;
  if (buffer?.kind !== "read") return [];
  const { survey } = buffer;
  const late = survey.destinations.filter(({ isConfigured, sinceAt, readings }) => {
    const isOld = sinceAt !== null && at - sinceAt > NOTABLE_MS;
    return isConfigured !== false && isOld && readings >= NOTABLE;
  });
  const stuck = late.filter(({ destination }) => !isDraining(destination, facts));
  if (stuck.length === 0) return [];
  const lossInMs = survey.forecast?.lossInMs ?? null;
  const oldest = Math.min(...stuck.map(({ sinceAt }) => sinceAt ?? at));
  return [
    {
      code: "buffer.growing",
      subject: BUFFER,
      values: { hours: lossInMs === null ? "?" : hours(lossInMs) },
      since: oldest as WallMs,
      sure: status === null ? "likely" : "certain",
      severity: lossInMs !== null && lossInMs < DAY_MS ? "fault" : "warning",
      evidence: [...stuck.map((owed) => backlog(owed, at, facts)), ...room(survey)],
    },
  ];
}

/** Whether a backlog goes down: it is under way, faster than messages come. */
function isDraining(destination: string, { status, buffer }: Facts): boolean {
  const found = status?.destinations.find((each) => each.destination === destination);
  const drain = found?.drain ?? null;
  if (found?.state !== "connected" || drain === null || buffer?.kind !== "read") return false;
  const growth = buffer.survey.forecast;
  const perS = growth === null ? 0 : (growth.messages / (growth.toAt - growth.fromAt)) * 1000;
  return drain.messagesPerS > perS;
}

function backlog(
  { destination, readings, events, sinceAt }: Survey["destinations"][number],
  at: number,
  { status }: Facts,
): Evidence {
  const found = status?.destinations.find((each) => each.destination === destination);
  const perMinute = Math.round((found?.drain?.messagesPerS ?? 0) * 60);
  const values = { destination, readings, events, hours: hours(at - (sinceAt ?? at)), perMinute };
  return { key: "backlog", values };
}

/** How long there is room. */
function room({ bytes, forecast }: Survey): readonly Evidence[] {
  if (forecast === null) return [];
  const { bytesPerHour, roomBytes, lossInMs, endsWithDisk } = forecast;
  const values = {
    perHour: megabytes(bytesPerHour),
    room: megabytes(roomBytes),
    hours: hours(lossInMs),
    used: megabytes(bytes.used),
  };
  return [{ key: endsWithDisk ? "fullByDisk" : "fullByMax", values }];
}
