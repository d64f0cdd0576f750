import type { WallMs } from "../core/time.ts";
import type { Disk } from "../world/disks.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { megabytes, percent } from "./moment-text.ts";

/** Less free than this a disk is full: the buffer leaves a fiftieth of it, or 64 MB. */
const FULL_SHARE = 0.005;
const FULL_BYTES = 16_000_000;
/** From so much of its life on a card is worn, in percent. */
const WORN_PERCENT = 90;
const DAY_MS = 86_400_000;

/** What is wrong with the disks of buffer and configuration, and with the card that they are on. */
export function diskRules(facts: Facts): readonly Finding[] {
  const disks = facts.machine?.disks ?? [];
  return [...disks.flatMap((disk) => diskRule(disk, facts)), ...wear(facts)];
}

function diskRule(disk: Disk, facts: Facts): readonly Finding[] {
  const { mount: subject, device, type } = disk;
  const failing = facts.status?.buffer.failing ?? null;
  const said: readonly Evidence[] =
    failing === null ? [] : [{ key: "bufferSays", values: { code: failing } }];
  const about = {
    subject,
    values: { device, type },
    since: failing === null ? null : lastStored(facts),
    sure: "certain",
    severity: "fault",
    // The control socket is on it as well.
    explains: ["buffer", facts.config.gateway.id],
  } as const;
  if (disk.isReadOnly) {
    const evidence: readonly Evidence[] = [
      { key: "mountedReadOnly", values: { mount: subject, device, type } },
      ...said,
    ];
    return [{ ...about, code: "disk.read-only", evidence }];
  }
  const full = fullness(disk);
  if (full !== null) return [{ ...about, code: full.code, evidence: [full.evidence, ...said] }];
  return cardRule(disk);
}

/** When something was stored last: since then nothing is. */
function lastStored({ buffer }: Facts): WallMs | null {
  return buffer?.kind === "read" ? (buffer.survey.readings.toAt as WallMs | null) : null;
}

function fullness(disk: Disk) {
  const { path, freeBytes, totalBytes, freeInodes, totalInodes } = disk;
  if (freeBytes < Math.min(FULL_BYTES, FULL_SHARE * totalBytes)) {
    const [free, total] = [megabytes(freeBytes), megabytes(totalBytes)];
    const values = { path, free, total, share: percent(freeBytes, totalBytes) };
    return { code: "disk.full", evidence: { key: "diskFree", values } } as const;
  }
  if (totalInodes === null || freeInodes >= Math.max(16, 0.001 * totalInodes)) return null;
  const values = { path, free: freeInodes, total: totalInodes };
  return { code: "disk.no-inodes", evidence: { key: "inodesFree", values } } as const;
}

/** By what the card itself says (JESD84-B51). */
function cardRule({ card }: Disk): readonly Finding[] {
  if (card === null) return [];
  const { device, usedPercent, spare } = card;
  const isSpent = spare === "warning" || spare === "urgent";
  if (usedPercent < WORN_PERCENT && !isSpent) return [];
  return [
    {
      code: "card.worn",
      subject: device,
      since: null,
      sure: "certain",
      severity: usedPercent > 100 || spare === "urgent" ? "fault" : "warning",
      evidence: [{ key: "cardLife", values: { used: usedPercent, spare } }],
    },
  ];
}

/** By how much is written to it. */
function wear({ status, buffer, config }: Facts): readonly Finding[] {
  const known = buffer?.kind === "read" ? buffer.survey.wear : null;
  const figures = status?.buffer.wear ?? known;
  if (figures === null || !figures.isShort) return [];
  const values = {
    perDay: megabytes(figures.bytesPerDay),
    total: megabytes(figures.totalBytes),
    endurance: megabytes(figures.enduranceBytes),
    days: Math.floor(figures.lifeMs / DAY_MS),
    least: Math.floor(config.buffer.card.minLifeMs / DAY_MS),
  };
  return [
    {
      code: "card.wearing",
      subject: config.buffer.dir,
      since: null,
      sure: "certain",
      severity: "warning",
      evidence: [{ key: "cardWrites", values }],
    },
  ];
}
