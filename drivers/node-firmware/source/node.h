/* What the parts of the firmware share. Registers are described in ../README.md. */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stdint.h>

#define CHANNELS 6

/* 1.0: the high byte of the version register, then the low one. */
#define VERSION_REGISTER 0x0100
#define VERSION_TEXT "1.0"
#define VENDOR_TEXT "Lifeline Edge"
#define PRODUCT_TEXT "lifeline-node"

/* Bits of the status register. */
#define STATUS_SETTINGS_LOST (1 << 0)
#define STATUS_COPY_DAMAGED (1 << 1)
#define STATUS_NEVER_SET (1 << 2)
#define STATUS_WRITE_FAILED (1 << 3)
#define STATUS_ADC_FAULT (1 << 4)
#define STATUS_SUPPLY_DOUBTFUL (1 << 5)
#define STATUS_WATCHDOG_RESET (1 << 6)

/* Bits 0 to 3 of the reset cause are those of MCUSR; this one says that the main loop had stalled. */
#define CAUSE_STALLED (1 << 4)

/* Exceptions (Modbus Application Protocol V1.1b3, 7). */
enum { ILLEGAL_FUNCTION = 1, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILURE, DEVICE_BUSY = 6 };

#endif
