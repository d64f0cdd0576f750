import type { KeyFile } from "../world/key-file.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { releaseRules } from "./release-rules.ts";

/** What is wrong with what was installed: configuration, release, secrets. */
export function upkeepRules(facts: Facts): readonly Finding[] {
  const { machine } = facts;
  if (machine === null) return [];
  const { updates } = machine;
  const releases = updates === null ? [] : releaseRules(updates, facts);
  return [...trial(machine, facts), ...halfUpdate(machine), ...releases, ...files(machine)];
}

/** A configuration that was being tried when the process ended, and nobody went back from. */
function trial({ onDisk }: MachineFacts, { status }: Facts): readonly Finding[] {
  if (!onDisk.isOnTrial || status !== null) return [];
  return [
    {
      code: "config.trial-left",
      subject: onDisk.candidate ?? onDisk.file,
      since: onDisk.changedAt,
      sure: "certain",
      severity: "warning",
      evidence: [],
    },
  ];
}

function halfUpdate({ slots }: MachineFacts): readonly Finding[] {
  if (slots === null) return [];
  const broken = slots.releases.filter(({ isWhole }) => !isWhole).map(({ name }) => name);
  const isLost = slots.current === null || broken.includes(slots.current);
  if (broken.length === 0 && slots.leftovers.length === 0 && !isLost) return [];
  const evidence: readonly Evidence[] = [
    { key: "currentRelease", values: { release: slots.current ?? "-" } },
    ...broken.map((release) => ({ key: "releaseBroken", values: { release } }) as const),
    ...slots.leftovers.map((name) => ({ key: "updateLeft", values: { name } }) as const),
  ];
  return [
    {
      code: "update.half-done",
      subject: slots.root,
      since: null,
      sure: "certain",
      severity: isLost ? "fault" : "warning",
      evidence,
    },
  ];
}

function files({ files }: MachineFacts): readonly Finding[] {
  return files.flatMap((file) => [...unusable(file), ...open(file)]);
}

function unusable({ path, role, state, changedAt: since }: KeyFile): readonly Finding[] {
  if (state === "good") return [];
  const isIdentity = role === "key" || role === "certificate";
  return [
    {
      code: isIdentity ? "identity.missing" : "secret.missing",
      subject: path,
      since,
      sure: "certain",
      severity: "fault",
      evidence: [{ key: FILE_STATES[state], values: { path } }],
    },
  ];
}

const FILE_STATES = {
  missing: "fileMissing",
  sealed: "fileSealed",
  unreadable: "fileUnreadable",
  empty: "fileEmpty",
  "no-certificate": "noCertificate",
} as const;

/** A key is its owner's alone; a password may be its group's. */
function open({ path, role, mode, state }: KeyFile): readonly Finding[] {
  const forbidden = role === "key" ? 0o077 : role === "password" ? 0o007 : 0;
  if (mode === null || state !== "good" || (mode & forbidden) === 0) return [];
  return [
    {
      code: "secret.open",
      subject: path,
      since: null,
      sure: "certain",
      severity: "warning",
      evidence: [{ key: "fileMode", values: { mode: mode.toString(8).padStart(3, "0") } }],
    },
  ];
}
