/** The most coils or discrete inputs in one request (Modbus Application Protocol V1.1b3, 6.1). */
export const MAX_BITS = 2000;

/** The most registers in one request (Modbus Application Protocol V1.1b3, 6.3). */
export const MAX_REGISTERS = 125;
