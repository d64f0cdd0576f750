/* Modbus Application Protocol V1.1b3, the server's side, without the line. */
#ifndef MODBUS_H
#define MODBUS_H

#include "registers.h"

/*
 * Does what the request of `length` bytes (function and data) asks for and writes the answer, at
 * most 253 bytes; returns its length. `input` holds the input registers of this moment. What all
 * nodes of a line are told at once gives none of them another unit.
 */
uint8_t modbus_answer(const uint8_t *request, uint8_t length, uint8_t *answer,
                      const Registers *input, bool is_broadcast);

#endif
