import { GatewayError } from "./errors.ts";

/** A file of a repository of releases that is being read. */
export type RepositoryFile = {
  /** The number of the byte that `parts` begins with: what was asked for, or 0. */
  readonly from: number;
  /**
   * What the server calls the file as it is now, so that a changed one is told from it (a strong
   * entity tag; RFC 9110, 8.8.3); left out where it calls it nothing.
   */
  readonly tag?: string;
  /** How long the whole is, in bytes; left out where the server does not say. */
  readonly length?: number;
  /** Its bytes, in any split. Throws `GatewayError` `ota.unreachable` where the line is cut. */
  readonly parts: AsyncIterable<Uint8Array>;
};

/** How files of a repository are reached: over the network, or in a folder on a USB stick. */
export interface RepositoryTransport {
  /**
   * Begins to read what stands at `url`, from its byte number `from` on if that can be done and, where
   * a `tag` is given, if it is still called that; null where nothing stands there. Breaks off when
   * `signal` aborts. Rejects with `GatewayError` `ota.unreachable`, or as a `RepositoryBusy`.
   */
  open(
    url: string,
    from: number,
    signal: AbortSignal,
    tag?: string,
  ): Promise<RepositoryFile | null>;
}

/** A server that asks to be left alone for `waitMs` milliseconds (RFC 9110, 10.2.3): `ota.busy`. */
export class RepositoryBusy extends GatewayError {
  readonly waitMs: number;

  constructor(message: string, waitMs: number) {
    super("ota.busy", message);
    this.waitMs = waitMs;
  }
}
