#include "line.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

/* D4: driver enable, and receiver enable inverted where the two are tied together. */
#define DE PD4

/* Timer 1 counts 4 us: F_CPU / 64. */
#define TIMER_HZ (F_CPU / 64)
#define TIMER_RUNS (_BV(CS11) | _BV(CS10))
#define TIMER_STANDS 0

/*
 * Modbus over serial line 2.5.1.1: up to 19200 bit/s frames are told by 3.5 characters of silence,
 * and a gap over 1.5 characters voids a frame; above, by 1750 us. A gap of 750 us is not held
 * against anyone: a USB adapter makes gaps of 1 ms, and silence still tells frames.
 */
#define SPEED_TIMED_MAX 192
#define BITS_A_CHARACTER 10
#define SILENCE_FIXED (1750 * (TIMER_HZ / 1000) / 1000)
#define GAP_ANY 0xffff

uint8_t line_received[ADU_MAX];
uint8_t line_sent[ADU_MAX];

static volatile uint16_t received, to_send, sent, damaged;
/* From the end of one character to the end of the next, where the gap between is 1.5. */
static volatile uint16_t gap_max;
static volatile bool is_whole, is_damaged, is_skipping, is_sending;

void line_open(uint16_t speed) {
  uint32_t baud = speed * 100UL;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    PORTD &= ~_BV(DE);
    DDRD |= _BV(DE);
    UCSR0B = 0;
    UBRR0 = (F_CPU / 8 + baud / 2) / baud - 1;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00); /* 8N1 */
    bool is_timed = speed <= SPEED_TIMED_MAX;
    gap_max = is_timed ? TIMER_HZ * BITS_A_CHARACTER * 5 / 2 / baud + 1 : GAP_ANY;
    OCR1B = is_timed ? TIMER_HZ * BITS_A_CHARACTER * 7 / 2 / baud + 1 : SILENCE_FIXED;
    TCCR1A = 0;
    TCCR1B = TIMER_STANDS;
    TIMSK1 = _BV(OCIE1B);
    received = 0;
    is_whole = is_damaged = is_skipping = is_sending = false;
    UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
  }
}

ISR(USART_RX_vect) {
  uint8_t errors = UCSR0A & (_BV(FE0) | _BV(DOR0));
  uint8_t byte = UDR0;
  uint16_t since = TCNT1;
  TCCR1B = TIMER_STANDS;
  TCNT1 = 0;
  TIFR1 = _BV(OCF1B);
  TCCR1B = TIMER_RUNS;
  if (is_whole || is_sending) is_skipping = true;
  if (is_skipping) return;
  if (errors || (received > 0 && since > gap_max) || received == ADU_MAX) is_damaged = true;
  if (received < ADU_MAX) line_received[received++] = byte;
}

/* 3.5 characters of silence. */
ISR(TIMER1_COMPB_vect) {
  TCCR1B = TIMER_STANDS;
  if (is_skipping || is_damaged) {
    if (!is_sending) damaged++;
    /* A frame that waits to be served stays. */
    if (!is_whole) received = 0;
    is_skipping = is_damaged = false;
  } else if (received > 0) {
    is_whole = true;
  }
}

uint16_t line_frame(void) { return is_whole ? received : 0; }

void line_listen(void) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    received = 0;
    is_whole = false;
  }
}

void line_send(uint16_t length) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    to_send = length;
    sent = 0;
    is_sending = true;
    PORTD |= _BV(DE);
    UCSR0B |= _BV(UDRIE0);
  }
}

ISR(USART_UDRE_vect) {
  UDR0 = line_sent[sent++];
  if (sent < to_send) return;
  /* Cleared behind the last byte, which is far from through: it tells the end of that one alone. */
  UCSR0A = _BV(U2X0) | _BV(TXC0);
  UCSR0B = (UCSR0B & ~_BV(UDRIE0)) | _BV(TXCIE0);
}

/* The last stop bit has left: nobody else may be kept from the line any longer. */
ISR(USART_TX_vect) {
  PORTD &= ~_BV(DE);
  UCSR0B &= ~_BV(TXCIE0);
  is_sending = false;
}

bool line_is_sending(void) { return is_sending; }

uint16_t line_damaged(void) {
  uint16_t count;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { count = damaged; }
  return count;
}
