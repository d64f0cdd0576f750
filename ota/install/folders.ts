import { join } from "node:path";

/** Where the releases of a gateway are installed: root's, and nobody else's to change. */
export const INSTALL_DIR = "/opt/lifeline";

/** The places in the folder that releases are installed in, and in the gateway's own. */
export type InstallFolders = {
  readonly root: string;
  readonly releases: string;
  readonly runtimes: string;
  /** What of each release was signed, as `VERSION.release.json`. */
  readonly manifests: string;
  /** What was fetched and is not unpacked yet. */
  readonly downloads: string;
  /** The link to the release that is started. */
  readonly current: string;
  /** The note of the release on trial; its lines are `ReleaseTrial`. */
  readonly trial: string;
  readonly journal: string;
  /** What decides before each start which release that is. */
  readonly guard: string;
  /** The metadata that are trusted, and what must never be fallen below. */
  readonly trust: string;
  readonly lock: string;
  /** The root metadata that came with the image. */
  readonly anchor: string;
  /** What the gateway asks for, and what a candidate says of itself. */
  readonly order: string;
  readonly verdict: string;
  /** What the process that updates is doing, for whoever asks. */
  readonly progress: string;
};

/** `root`: where releases are installed; `state`: the gateway's own folder, with its buffer. */
export function foldersIn(root: string, state: string): InstallFolders {
  return {
    root,
    releases: join(root, "releases"),
    runtimes: join(root, "runtimes"),
    manifests: join(root, "manifests"),
    downloads: join(root, "downloads"),
    current: join(root, "current"),
    trial: join(root, "trial"),
    journal: join(root, "journal.jsonl"),
    guard: join(root, "boot-guard"),
    trust: join(root, "trust"),
    lock: join(root, "update.lock"),
    anchor: join(root, "anchor", "root.json"),
    order: join(state, "update", "order"),
    verdict: join(state, "update", "verdict"),
    progress: join(state, "update", "progress.json"),
  };
}
