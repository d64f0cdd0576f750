import { closeSync, openSync, writeSync } from "node:fs";
import type { Heard } from "../../drivers/modbus/conversation.ts";
import type { Framing } from "../../drivers/modbus/decode.ts";
import { wireHead, wireLine } from "../../drivers/wire-text.ts";
import { GatewayError, type Lang, messageOf } from "../core/errors.ts";
import { RELEASE } from "../release.ts";
import { frameSummary } from "./frame-view.ts";
import { pcapngHead, pcapngPacket } from "./pcapng.ts";
import { recordSummary } from "./record-view.ts";
import type { Told } from "./trace-view.ts";

/** Wireshark's name for frames of each kind; it knows no Modbus ASCII. */
const DISSECTORS = {
  "modbus-rtu": "mbrtu",
  "modbus-tcp": "mbtcp",
  "modbus-ascii": "data",
} as const;

/** What a capture is of. */
export type Captured = {
  readonly bus: string;
  /** The bus's kind, as the configuration names it. */
  readonly kind: string;
  /** Null where its bytes are not framed in a way that is known. */
  readonly framing: Framing | null;
  readonly lang: Lang;
};

/** A capture on the disk, whole after every record: whenever the program ends, it can be opened. */
export class CaptureFile {
  readonly path: string;
  readonly #of: Captured;
  readonly #descriptor: number;
  /** Why nothing more is written, or null. */
  #trouble: string | null = null;

  /** Makes the file, or an old one empty. Throws `GatewayError` `trace.unsaved` where it cannot. */
  constructor(path: string, of: Captured) {
    this.path = path;
    this.#of = of;
    this.#descriptor = opened(path);
    this.#write(
      this.isText
        ? `${wireHead(of.framing ?? of.kind)}\n`
        : pcapngHead(of.bus, `lifeline ${RELEASE}`),
    );
  }

  /** Whether it is the text that tests and `lifeline decode` read; else it is for Wireshark. */
  get isText(): boolean {
    return this.path.endsWith(".txt");
  }

  get trouble(): string | null {
    return this.#trouble;
  }

  /** Writes one record; after a failure, which `trouble` tells, no more. */
  add(told: Told): void {
    if (this.#trouble !== null) return;
    const { record, frames, sinceUs } = told;
    const { lang } = this.#of;
    if (this.isText)
      this.#write(`${wireLine(record, sinceUs, recordSummary(record, frames, lang))}\n`);
    else for (const packet of this.#packets(told)) this.#write(packet);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** One packet a frame; what came to nothing is a packet without bytes, for its comment. */
  #packets({ record, atUs, frames }: Told): readonly Uint8Array[] {
    const { framing, lang } = this.#of;
    if (record.kind === "failure") {
      const comment = `✗ ${recordSummary(record, [], lang)}`;
      const bytes = new Uint8Array(0);
      return [pcapngPacket({ dissector: "data", direction: "received", atUs, bytes, comment })];
    }
    const direction = record.kind;
    if (framing === null) {
      const comment = recordSummary(record, [], lang);
      const { bytes } = record;
      return [pcapngPacket({ dissector: "data", direction, atUs, bytes, comment })];
    }
    return frames.map((frame: Heard) => {
      const { bytes } = frame.explanation;
      // Around a frame that stands in noise is shown what else came.
      const isNoise = frame.role === "damaged" && frames.length > 1;
      const dissector = isNoise ? "data" : DISSECTORS[framing];
      const comment = frameSummary(frame, lang);
      return pcapngPacket({ dissector, direction, atUs, bytes, comment });
    });
  }

  #write(data: string | Uint8Array): void {
    try {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      this.#trouble = messageOf(error);
    }
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    throw new GatewayError("trace.unsaved", messageOf(error), { cause: error });
  }
}
