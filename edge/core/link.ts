/** A byte pipe to the field: a serial port or a TCP connection. */
export interface Link {
  /** Sends `bytes`. A write to a link that is gone is dropped: `closed` tells. */
  write(bytes: Uint8Array): void;
  /** The one listener for received bytes. Chunks may be split or joined anywhere. */
  onData: ((bytes: Uint8Array) => void) | null;
  /** Resolves once, with why, when the link is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  /** Throws away what waits in the port, in and out; left out where nothing waits. */
  flush?(): void;
  /** Closes the link. May be called at any time, more than once. */
  close(): void;
}

/** Parity and stop bits as installers write them: data bits, parity, stop bits. */
export type SerialFormat = "8N1" | "8N2" | "8E1" | "8E2" | "8O1" | "8O2" | "7E1" | "7O1" | "7N2";

/** How to open a serial port. */
export type SerialSettings = {
  /** Device file, best a stable name below `/dev/serial/by-id`. */
  readonly path: string;
  /** Bits per second. */
  readonly baud: number;
  readonly format: SerialFormat;
};

/** How to reach a TCP endpoint. */
export type TcpSettings = {
  readonly host: string;
  readonly port: number;
  /** How long to wait for the connection, in milliseconds. */
  readonly connectTimeoutMs: number;
};
