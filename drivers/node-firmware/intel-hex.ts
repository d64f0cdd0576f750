/** Flash of the chip, in bytes: a file that goes beyond is none for it. */
const FLASH_BYTES = 32_768;
const BLANK = 0xff;

const DATA = 0;
const END = 1;
/** Segment, start segment, linear, start linear: a chip of 32 KiB needs none but base 0. */
const SEGMENT = 2;
const START_SEGMENT = 3;

/**
 * The bytes that `text`, a file in Intel's hexadecimal object format (Intel, rev. A, 1988), puts into
 * flash from address 0 on; what it leaves out is blank (0xFF). Throws an `Error` that names the
 * line where one is damaged, beyond the chip, or missing at the end.
 */
export function readIntelHex(text: string): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(BLANK);
  let length = 0;
  for (const [index, line] of text.trimEnd().split(/\r?\n/).entries()) {
    const where = `line ${index + 1}`;
    const { address, type, data } = recordIn(line, where);
    switch (type) {
      case DATA: {
        const end = address + data.length;
        if (end > FLASH_BYTES) throw new Error(`${where} is beyond ${FLASH_BYTES} bytes`);
        flash.set(data, address);
        length = Math.max(length, end);
        break;
      }
      case END:
        return flash.subarray(0, length);
      case SEGMENT:
        if (data.some((byte) => byte !== 0)) throw new Error(`${where} is beyond the chip`);
        break;
      case START_SEGMENT:
        break;
      default:
        throw new Error(`${where} has the unknown type ${type}`);
    }
  }
  throw new Error("the file ends before its end record");
}

type HexRecord = { readonly address: number; readonly type: number; readonly data: Uint8Array };

function recordIn(line: string, where: string): HexRecord {
  if (!/^:(?:[0-9a-f]{2}){5,}$/i.test(line)) throw new Error(`${where} is no record`);
  const bytes = Buffer.from(line.slice(1), "hex");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  const [length = 0, high = 0, low = 0, type = 0] = bytes;
  if (sum % 256 !== 0) throw new Error(`${where}: the check sum is wrong`);
  if (bytes.length !== length + 5) throw new Error(`${where} has another length than it says`);
  return { address: (high << 8) | low, type, data: bytes.subarray(4, 4 + length) };
}
