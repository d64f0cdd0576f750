/** A file of a repository of releases that is being read. */
export type RepositoryFile = {
  /** The number of the byte that `parts` begins with: what was asked for, or 0. */
  readonly from: number;
  /** Its bytes, in any split. Throws `GatewayError` `ota.unreachable` where the line is cut. */
  readonly parts: AsyncIterable<Uint8Array>;
};

/** How files of a repository are reached: over the network, or in a folder on a USB stick. */
export interface RepositoryTransport {
  /**
   * Begins to read what stands at `url`, from its byte number `from` on if that can be done; null
   * where nothing stands there. Breaks off when `signal` aborts. Rejects with `GatewayError`
   * `ota.unreachable`.
   */
  open(url: string, from: number, signal: AbortSignal): Promise<RepositoryFile | null>;
}
