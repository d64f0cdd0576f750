import type { MaintenanceWindow } from "../edge/core/maintenance.ts";

/** Where new releases come from, and when they may be installed. */
export type UpdateConfig = {
  /** `http://…` or `https://…`, in the order of preference; none: by USB stick alone. */
  readonly urls: readonly string[];
  /** Path of a PEM file with the authorities to trust there; null for the system's. */
  readonly ca: string | null;
  /** The hardware class; null: that of the release that runs. */
  readonly hardware: string | null;
  readonly channel: string;
  /** What is done without being told. */
  readonly auto: "off" | "download" | "install";
  /** When the gateway may be restarted; none: at any time. */
  readonly windows: readonly MaintenanceWindow[];
  /** How long a candidate must do well, in milliseconds. */
  readonly healthWindowMs: number;
  /** The most that is fetched in a second, in bytes; null: as fast as it goes. */
  readonly bytesPerS: number | null;
  /** After so many bytes in a calendar month (UTC) only what is ordered is fetched; null: without end. */
  readonly monthlyBytes: number | null;
  /** The most that a look for a new release waits for at random, in milliseconds. */
  readonly jitterMs: number;
};
