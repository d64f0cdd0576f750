import type { DoctorJson } from "../../edge/cli/doctor-view.ts";
import type { FindingCode } from "../../edge/doctor/catalogue.ts";

/** A fault that can be brought about, and what the doctor has to say of it. */
export type Fault = {
  /** What is wrong, in words of who would have to find it: `an adapter is unplugged`. */
  readonly name: string;
  /** The finding that names its cause. */
  readonly expected: FindingCode;
  /** Whom it has to be about; left out where that is the gateway or the machine. */
  readonly subject?: string;
  /** Whether the tests bring it about too: then all of it takes a few seconds. */
  readonly isQuick: boolean;
  /** Whether only root can bring it about, as whatever mounts a disk or cuts a network. */
  readonly needsRoot?: true;
  /**
   * Brings it about in a site of its own, a real gateway with it where it can be, and has the real
   * command examine it: the answer of `lifeline doctor --json`.
   */
  readonly examine: (bench: Bench) => Promise<DoctorJson>;
};

/** Where a fault is brought about. */
export type Bench = {
  /** A directory of its own, removed afterwards. */
  readonly dir: string;
  /** Has `end` called when all is over, the last one first, whatever came of it. */
  readonly defer: (end: () => void | Promise<void>) => void;
  /** What `lifeline doctor --json` says with the configuration in `file`. */
  readonly doctor: (file: string, ...options: readonly string[]) => Promise<DoctorJson>;
};
