import { createHash } from "node:crypto";
import type { Metadata, Root, TargetFile } from "@tufjs/models";
import { Updater } from "tuf-js";
import { DownloadHTTPError, DownloadLengthMismatchError } from "tuf-js/dist/error.js";
import type { TrustedMetadataStore } from "tuf-js/dist/store.js";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Seen, Versions } from "./floor.ts";
import { type Reader, readPaced } from "./pace.ts";

/** The field of a timestamp that says when it was signed: Unix milliseconds, an integer. */
export const ISSUED_FIELD = "x-lifeline-issued-ms";

/** What the trust chain is asked to work on. */
export type UpdaterSettings = {
  /** Holds the trusted metadata, and takes the new. */
  readonly folder: string;
  readonly metadataUrl: string;
  readonly reader: Reader;
  /** What time it is held to be, in Unix milliseconds, above 0. */
  readonly nowMs: number;
  /** How many new root metadata are followed in one refresh, at most. */
  readonly rootRotationsMax: number;
  readonly signal: AbortSignal;
};

/**
 * tuf-js, which does all that TUF asks of a client, told the time and given another way to fetch.
 * The only file that knows how it is made inside: `trustedSet` and its `referenceTime`.
 */
export class StagedUpdater {
  readonly #updater: Updater;
  readonly #set: TrustedMetadataStore;
  /** What was refused or failed last: tuf-js tells some of it only as a text. */
  #heard: unknown = null;

  /** Throws where the folder holds no root metadata that is signed by its own keys. */
  constructor(settings: UpdaterSettings) {
    const { folder, metadataUrl, nowMs, rootRotationsMax } = settings;
    this.#updater = new Updater({
      metadataDir: folder,
      metadataBaseUrl: metadataUrl,
      fetcher: {
        downloadBytes: (url, maxLength) => this.#heed(() => readWhole(settings, url, maxLength)),
        downloadFile: () => Promise.reject(new Error("targets are fetched by the download")),
      },
      config: { maxRootRotations: rootRotationsMax },
    });
    const inside = this.#updater as unknown as { trustedSet: TrustedMetadataStore };
    this.#set = inside.trustedSet;
    // Compared with `>=`, so that a number does as well as a date.
    (this.#set as unknown as { referenceTime: number }).referenceTime = nowMs;
    inside.trustedSet = this.#listening(this.#set);
  }

  /** TUF 5.3 to 5.6. Throws what was refused or failed. */
  async refresh(): Promise<void> {
    await this.#told(() => this.#updater.refresh());
  }

  /** TUF 5.6.7: what a trusted role says of the target `path`; undefined where none does. */
  find(path: string): Promise<TargetFile | undefined> {
    return this.#told(() => this.#updater.getTargetInfo(path));
  }

  /** Whether files of targets carry their hash before their name. */
  get isConsistent(): boolean {
    return this.#set.root.signed.consistentSnapshot;
  }

  /** Until when the newest timestamp is valid, as it says; null before there is one. */
  get freshUntil(): string | null {
    return this.#set.timestamp?.signed.expires ?? null;
  }

  /** What is verified by now. */
  get seen(): Seen {
    const { root, timestamp, snapshot } = this.#set;
    const meta = Object.entries(snapshot?.signed.meta ?? {});
    const roles: Versions = Object.fromEntries(meta.map(([name, { version }]) => [name, version]));
    return {
      root: root.signed.version,
      keys: onlineKeys(root),
      timestamp: timestamp?.signed.version ?? 0,
      snapshot: snapshot?.signed.version ?? 0,
      roles,
      issuedMs: this.#issuedMs(),
    };
  }

  #issuedMs(): number {
    const signed = this.#set.timestamp?.signed;
    const issuedMs = signed?.unrecognizedFields[ISSUED_FIELD];
    if (signed === undefined || typeof issuedMs !== "number" || issuedMs <= 0) return 0;
    // Signed after it ran out: then it is no time at all.
    return signed.isExpired(issuedMs as unknown as Parameters<typeof signed.isExpired>[0])
      ? 0
      : issuedMs;
  }

  /** The trusted set, each refusal of which is remembered before it goes its way. */
  #listening(set: TrustedMetadataStore): TrustedMetadataStore {
    return new Proxy(set, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return (...operands: unknown[]) => {
          try {
            return Reflect.apply(value, target, operands);
          } catch (error) {
            this.#heard = error;
            throw error;
          }
        };
      },
    });
  }

  async #heed<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      this.#heard = error;
      throw error;
    }
  }

  async #told<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      const isOnlyText = error instanceof Error && /^Unable to load/.test(error.message);
      throw isOnlyText ? (this.#heard ?? error) : error;
    }
  }
}

/** The whole of a file of metadata, of at most `maxLength` bytes. */
async function readWhole(
  { reader, signal }: UpdaterSettings,
  url: string,
  maxLength: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const sent of readPaced(reader, url, 0, signal)) {
      if (sent.kind === "from") continue;
      length += sent.bytes.length;
      if (length > maxLength) {
        throw new DownloadLengthMismatchError(`${url} is longer than ${maxLength} bytes`);
      }
      parts.push(sent.bytes);
    }
  } catch (error) {
    // What tuf-js knows the end of the chain of roots by.
    if (error instanceof GatewayError && error.code === "ota.absent") {
      throw new DownloadHTTPError(error.message, 404);
    }
    throw error;
  }
  return Buffer.concat(parts);
}

/** Names the keys of the online roles and how many of them must sign. */
function onlineKeys({ signed }: Metadata<Root>): string {
  const hash = createHash("sha256");
  for (const name of ["timestamp", "snapshot"]) {
    const { keyIDs = [], threshold = 0 } = signed.roles[name] ?? {};
    const keys = keyIDs.map((id) => `${id} ${signed.keys[id]?.keyVal.public ?? ""}`).sort();
    hash.update(JSON.stringify([name, threshold, keys]));
  }
  return hash.digest("hex");
}
