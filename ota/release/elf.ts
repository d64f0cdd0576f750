/** Of an executable of 64 bits, the least first: ELF-64 Object File Format 1.5, tables 1 and 6. */
const HEADER = { sections: 40, programs: 32, programBytes: 54, programCount: 56, sectionCount: 60 };
const PROGRAM = { offset: 8, fileBytes: 32 };
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);

/**
 * The executable `elf` without what only a debugger reads: the symbols and the table of sections
 * behind all that is loaded. Throws where it is no executable of that kind.
 */
export function withoutSymbols(elf: Uint8Array): Uint8Array {
  const copy = Buffer.from(elf);
  if (!copy.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("this is no 64-bit program");
  const begin = Number(copy.readBigUInt64LE(HEADER.programs));
  const entryBytes = copy.readUInt16LE(HEADER.programBytes);
  let end = 0;
  for (let index = 0; index < copy.readUInt16LE(HEADER.programCount); index++) {
    const at = begin + index * entryBytes;
    const offset = Number(copy.readBigUInt64LE(at + PROGRAM.offset));
    end = Math.max(end, offset + Number(copy.readBigUInt64LE(at + PROGRAM.fileBytes)));
  }
  copy.writeBigUInt64LE(0n, HEADER.sections);
  // How many sections there are, and which of them names the others.
  copy.writeUInt32LE(0, HEADER.sectionCount);
  return copy.subarray(0, end);
}
