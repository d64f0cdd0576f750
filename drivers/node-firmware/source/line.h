/* The serial line: whole frames in and out, and the driver enable (DE) of the RS-485 transceiver. */
#ifndef LINE_H
#define LINE_H

#include "node.h"

/* Modbus over serial line 2.5.1: an ADU has at most 256 bytes. */
#define ADU_MAX 256

extern uint8_t line_received[ADU_MAX];
extern uint8_t line_sent[ADU_MAX];

/* Opens the line at `speed` bits per second / 100; also while it is open, when nothing is sent. */
void line_open(uint16_t speed);

/* The length of the frame in `line_received`; 0 while there is none. It stays until `line_listen`. */
uint16_t line_frame(void);

/* Takes frames again. */
void line_listen(void);

/* Sends `length` bytes of `line_sent`, without waiting. */
void line_send(uint16_t length);

bool line_is_sending(void);

/* Frames thrown away for a wrong character, a gap within, too many bytes, or one before not served. */
uint16_t line_damaged(void);

#endif
