import type { FirstBoot } from "../core/first-boot.ts";
import type { SecretStanding } from "../core/sealed.ts";
import type { WallMs } from "../core/time.ts";
import type { JournalLine, ReleaseTrial } from "../core/update-notes.ts";
import type { ClockSource } from "../world/clock-source.ts";
import type { Disk } from "../world/disks.ts";
import type { KeyFile } from "../world/key-file.ts";
import type { Memory, ProcessMemory } from "../world/memory.ts";
import type { Network } from "../world/network.ts";
import type { PowerFlags, Temperature } from "../world/power-supply.ts";
import type { ReleaseSlots } from "../world/release-slots.ts";
import type { TimeProof } from "../world/time-proof.ts";

/** What was found out about the machine. */
export type MachineFacts = {
  /** When it was started, by its clock as it is now. */
  readonly bootedAt: WallMs;
  /** Those of the buffer and of the configuration. */
  readonly disks: readonly Disk[];
  /** Null where the board does not tell. */
  readonly power: PowerFlags | null;
  readonly temperatures: readonly Temperature[];
  readonly memory: Memory | null;
  /** What the running gateway takes; null where none runs. */
  readonly process: ProcessMemory | null;
  readonly clock: ClockSource;
  /** The latest time that has certainly been; null where nothing proves one. */
  readonly proof: TimeProof | null;
  readonly network: Network;
  /** The files that the configuration refers to for its secrets and certificates. */
  readonly files: readonly KeyFile[];
  /** How the keys of its identity are protected on the disk; null where there are none. */
  readonly secrets: SecretStanding | null;
  /** Null where releases are not installed side by side. */
  readonly slots: ReleaseSlots | null;
  /** Likewise. */
  readonly updates: UpdateFacts | null;
  readonly onDisk: ConfigOnDisk;
  /** What became of what its card brought; null where no card brings anything. */
  readonly firstBoot: FirstBoot | null;
};

/** What became of releases that were installed side by side. */
export type UpdateFacts = {
  /** What is tried; null where nothing is. */
  readonly trial: ReleaseTrial | null;
  /** The latest steps, the oldest first. */
  readonly steps: readonly JournalLine[];
  /** When it was last known which releases there are; null where it never was. */
  readonly metadataAt: WallMs | null;
};

/** The configuration as it lies on the disk. */
export type ConfigOnDisk = {
  readonly file: string;
  readonly changedAt: WallMs | null;
  /** Whether a configuration was being tried when the gateway ended, or is. */
  readonly isOnTrial: boolean;
  /** What stands in it while it is on trial, or was left behind. */
  readonly candidate: string | null;
};
