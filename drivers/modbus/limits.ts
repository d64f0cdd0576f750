import type { Write } from "../driver.ts";

/** The most coils or discrete inputs in one request (Modbus Application Protocol V1.1b3, 6.1). */
export const MAX_BITS = 2000;

/** The most registers in one request (Modbus Application Protocol V1.1b3, 6.3). */
export const MAX_REGISTERS = 125;

/** The most coils that one request writes (Modbus Application Protocol V1.1b3, 6.11). */
export const MAX_WRITTEN_BITS = 1968;

/** The most registers that one request writes (Modbus Application Protocol V1.1b3, 6.12). */
export const MAX_WRITTEN_REGISTERS = 123;

/** The most that a request writes which reads too (Modbus Application Protocol V1.1b3, 6.17). */
const MAX_EXCHANGED_REGISTERS = 121;

/** Throws a RangeError where `count` is not in 1 to `max`. */
export function refuseUnless(count: number, max: number): void {
  if (count < 1 || count > max) throw new RangeError(`${count} is not in 1 to ${max}`);
}

/** Throws a RangeError where no frame can carry `write`, or a register is no 16-bit number. */
export function refuseUnsendable(write: Write): void {
  switch (write.kind) {
    case "coil":
      break;
    case "register":
      refuseUnlessRegisters([write.register]);
      break;
    case "coils":
      refuseUnless(write.bits.length, MAX_WRITTEN_BITS);
      break;
    case "registers":
      refuseUnless(write.registers.length, MAX_WRITTEN_REGISTERS);
      refuseUnlessRegisters(write.registers);
      break;
    case "mask":
      refuseUnlessRegisters([write.and, write.or]);
      break;
    case "read-write":
      refuseUnless(write.registers.length, MAX_EXCHANGED_REGISTERS);
      refuseUnless(write.count, MAX_REGISTERS);
      refuseUnlessRegisters(write.registers);
  }
}

function refuseUnlessRegisters(registers: readonly number[]): void {
  const misfit = registers.find((each) => !Number.isInteger(each) || each < 0 || each > 0xffff);
  if (misfit !== undefined) throw new RangeError(`${misfit} is no register from 0 to 65535`);
}
