/** How the bytes of a field stand (Protocol Buffers encoding: message structure). */
export const WIRE = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const;

/** Writes fields of protocol buffers one behind the other. */
export class FieldWriter {
  #bytes = Buffer.allocUnsafe(512);
  #at = 0;

  /** What was written, as bytes of its own. */
  done(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at);
  }

  /** A whole number from 0 to 2^64 - 1. */
  whole(field: number, value: number | bigint): void {
    this.#tag(field, WIRE.varint);
    this.#varint(value);
  }

  flag(field: number, value: boolean): void {
    this.whole(field, value ? 1 : 0);
  }

  float(field: number, value: number): void {
    this.#tag(field, WIRE.fixed32);
    this.#grow(4);
    this.#at = this.#bytes.writeFloatLE(value, this.#at);
  }

  double(field: number, value: number): void {
    this.#tag(field, WIRE.fixed64);
    this.#grow(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  text(field: number, value: string): void {
    this.#tag(field, WIRE.length);
    const length = Buffer.byteLength(value);
    this.#varint(length);
    this.#grow(length);
    this.#at += this.#bytes.write(value, this.#at);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, WIRE.length);
    this.#varint(value.length);
    this.#grow(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** A message within the message: `write` writes its fields. */
  message(field: number, write: () => void): void {
    this.#tag(field, WIRE.length);
    // Most are shorter than 128 bytes, whose length takes one.
    this.#grow(1);
    const begin = ++this.#at;
    write();
    const length = this.#at - begin;
    const more = varintLength(length) - 1;
    this.#grow(more);
    if (more > 0) this.#bytes.copyWithin(begin + more, begin, this.#at);
    this.#at = begin - 1;
    this.#varint(length);
    this.#at += length;
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire);
  }

  #varint(value: number | bigint): void {
    this.#grow(10);
    if (typeof value === "bigint") this.#bigVarint(value);
    else this.#plainVarint(value);
  }

  #plainVarint(value: number): void {
    let rest = value;
    // Bits may be taken off by 32-bit arithmetic only below 2^31.
    while (rest >= 0x8000_0000) {
      this.#bytes[this.#at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #bigVarint(value: bigint): void {
    let rest = value;
    while (rest >= 128n) {
      this.#bytes[this.#at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#at++] = Number(rest);
  }

  #grow(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafe(2 * (this.#at + more));
    this.#bytes.copy(wider, 0, 0, this.#at);
    this.#bytes = wider;
  }
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
