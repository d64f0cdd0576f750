/* The input registers: what the node is and measures, by Modbus address (../README.md). */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "settings.h"

/* What is always known stands from 0 on. */
#define STATE_REGISTERS 11

/* What the converter tells stands so far from it that no client reads both with one request. */
#define MEASURED_AT 100
#define MEASURED_REGISTERS (3 * CHANNELS + 2)

/* All of one moment: the halves of a value belong together. */
typedef struct {
  uint16_t state[STATE_REGISTERS];
  uint16_t measured[MEASURED_REGISTERS];
  /* Why the measured ones cannot be told, as an exception; else 0. */
  uint8_t missing;
} Registers;

/* What went over the line since the start; goes round. */
typedef struct {
  uint16_t requests;
  uint16_t bad_crc;
} LineCounts;

/* The input registers of this moment. */
void registers_take(Registers *into, uint8_t reset_cause, LineCounts counts);

#endif
