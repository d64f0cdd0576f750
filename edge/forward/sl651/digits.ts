/** `bytes` as upper-case hexadecimal digits. */
export function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

/** The bytes that an even number of hexadecimal digits tell. Throws a `RangeError` at others. */
export function hexBytes(text: string): Uint8Array {
  if (!/^([0-9A-Fa-f]{2})*$/.test(text)) throw new RangeError(`no hexadecimal bytes: '${text}'`);
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** `value` in hexadecimal, filled with zeros to `count` digits. Throws where it has more. */
export function hexNumber(value: number, count: number): string {
  const text = value.toString(16).toUpperCase().padStart(count, "0");
  if (text.length > count || !/^[0-9A-F]+$/.test(text)) throw new RangeError(`${value}`);
  return text;
}

/** `bytes` as characters, one each. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** The bytes of `text`, of which every character is one. Throws a `RangeError` at others. */
export function latin1Bytes(text: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a byte may be any.
  if (!/^[\x00-\xff]*$/.test(text)) throw new RangeError(`no single bytes: '${text}'`);
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

/** The beginning of an identifier: two digits, four of those that users define (FF and one more). */
export function leadText(lead: number): string {
  return hexNumber(lead, lead > 0xff ? 4 : 2);
}
