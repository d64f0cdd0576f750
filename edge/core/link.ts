/** A byte pipe to the field: a serial port, a TCP connection or a UDP socket. */
export interface Link {
  /** Sends `bytes`, over UDP as one datagram. A write to a link that is gone is dropped: `closed` tells. */
  write(bytes: Uint8Array): void;
  /**
   * The one listener for received bytes. Chunks may be split or joined anywhere; over UDP each is
   * one datagram.
   */
  onData: ((bytes: Uint8Array) => void) | null;
  /** Resolves once, with why, when the link is gone, whoever closed it. Never rejects. */
  readonly closed: Promise<string>;
  /**
   * Whether bytes take their time as the speed of the port says: false where it is known that no
   * line is behind it.
   */
  readonly isPaced?: boolean;
  /** Throws away what waits in the port, in and out; left out where nothing waits. */
  flush?(): void;
  /**
   * Sets DTR and RTS of a serial port, by which boards are reset. False where the port has none;
   * left out where nothing has.
   */
  setReady?(isReady: boolean): Promise<boolean>;
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

/** How to reach a UDP endpoint. */
export type UdpSettings = {
  readonly host: string;
  readonly port: number;
};

/** Where to listen for TCP connections. */
export type ListenSettings = {
  /** An address of this machine; `0.0.0.0` for all of IPv4, `::` for all. */
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
};

/** A port that takes TCP connections. */
export interface Listener {
  readonly port: number;
  /** Resolves once, with why, when it takes no more connections, whoever closed it. */
  readonly closed: Promise<string>;
  /** Takes no more connections; those that are there stay. May be called more than once. */
  close(): void;
}
