import { GatewayError } from "../edge/core/errors.ts";

const EIGHT = new DataView(new ArrayBuffer(8));

/** A growing run of bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  byte(value: number): void {
    this.#need(1);
    this.#bytes[this.#length++] = value;
  }

  /** `bytes` as they are. */
  bytes(bytes: Uint8Array): void {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, low bits first. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** A whole number within ±2^52, small ones of either sign in few bytes. -0 becomes 0. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A bigint of any size. */
  bigint(value: bigint): void {
    let rest = value < 0n ? -2n * value - 1n : 2n * value;
    while (rest >= 0x80n) {
      this.byte(Number(rest % 0x80n) | 0x80);
      rest /= 0x80n;
    }
    this.byte(Number(rest));
  }

  /**
   * Floats of `width` bytes, transposed: the first byte of each, then the second of each. Signs
   * and exponents, which are alike, come to lie side by side, where compression finds them.
   */
  floats(values: readonly number[], width: 4 | 8): void {
    const count = values.length;
    this.#need(count * width);
    const start = this.#length;
    for (const [index, value] of values.entries()) {
      if (width === 4) EIGHT.setFloat32(0, value);
      else EIGHT.setFloat64(0, value);
      for (let byte = 0; byte < width; byte++) {
        this.#bytes[start + byte * count + index] = EIGHT.getUint8(byte);
      }
    }
    this.#length += count * width;
  }

  /** Any string. UTF-8, but UTF-16 for a string with half a surrogate pair, which UTF-8 loses. */
  text(value: string): void {
    if (value.isWellFormed()) {
      const bytes = new TextEncoder().encode(value);
      this.varint(2 * bytes.length);
      this.bytes(bytes);
      return;
    }
    this.varint(2 * value.length + 1);
    for (let index = 0; index < value.length; index++) this.varint(value.charCodeAt(index));
  }

  /** What was written so far, in a buffer of its own. */
  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #need(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length + count);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote. Throws `buffer.io` where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#position;
  }

  /** The next `count` bytes, which stay where they are. */
  bytes(count: number): Uint8Array {
    const start = this.#position;
    this.#skip(count);
    return this.#bytes.subarray(start, this.#position);
  }

  byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) throw tooShort();
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      value += (byte % 0x80) * factor;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bigint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte % 0x80) << shift;
      if (byte < 0x80) return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
    }
  }

  floats(count: number, width: 4 | 8): number[] {
    const start = this.#position;
    this.#skip(count * width);
    return Array.from({ length: count }, (_, index) => {
      for (let byte = 0; byte < width; byte++) {
        EIGHT.setUint8(byte, this.#bytes[start + byte * count + index] ?? 0);
      }
      return width === 4 ? EIGHT.getFloat32(0) : EIGHT.getFloat64(0);
    });
  }

  text(): string {
    const head = this.varint();
    if (head % 2 === 0) {
      // A byte order mark is a character of the text like any other.
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytes(head / 2));
    }
    let value = "";
    for (let rest = (head - 1) / 2; rest > 0; rest--) value += String.fromCharCode(this.varint());
    return value;
  }

  #skip(count: number): void {
    if (this.#position + count > this.#bytes.length) throw tooShort();
    this.#position += count;
  }
}

function tooShort(): GatewayError {
  return new GatewayError("buffer.io", "the bytes end too early");
}
