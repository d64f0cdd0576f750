/* The node: a Modbus RTU server that measures. See ../README.md. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "crc16.h"
#include "line.h"
#include "measure.h"
#include "modbus.h"

#define BROADCAST 0

/*
 * The longest answer takes 2.1 s at 1200 bit/s. Where sending does not end, the line is kept from
 * all others: then the watchdog is to bite.
 */
#define SENDING_MAX_MS 3000

static uint8_t reset_flags __attribute__((section(".noinit")));

/* Before all else: after a watchdog reset the watchdog stays on, at its shortest (11.8.2). */
void take_reset_flags(void) __attribute__((naked, used, section(".init3")));
void take_reset_flags(void) {
  reset_flags = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

static uint8_t reset_cause;
static LineCounts counts;

static void serve(uint16_t length) {
  const uint8_t *frame = line_received;
  if (length < 4 || crc16(frame, length) != 0) {
    counts.bad_crc++;
    return;
  }
  bool is_broadcast = frame[0] == BROADCAST;
  uint8_t unit = settings[SETTING_UNIT];
  if (!is_broadcast && frame[0] != unit) return;
  counts.requests++;
  Registers input;
  registers_take(&input, reset_cause, counts);
  uint8_t *answer = line_sent + 1;
  uint16_t end = 1 + modbus_answer(frame + 1, length - 3, answer, &input, is_broadcast);
  if (is_broadcast) return;
  /* The unit that was asked, also where the request gave the node another one. */
  line_sent[0] = unit;
  uint16_t crc = crc16(line_sent, end);
  line_sent[end] = crc;
  line_sent[end + 1] = crc >> 8;
  line_send(end + 2);
}

static void feed_watchdog(void) {
  static uint16_t idle_at;
  uint16_t now = measure_millis();
  if (!line_is_sending()) idle_at = now;
  if ((uint16_t)(now - idle_at) > SENDING_MAX_MS) return;
  measure_main_loop_runs();
  wdt_reset();
}

/* An interrupt ends it; one that came since the last look does at once. */
static void sleep_until_interrupt(void) {
  cli();
  if (line_frame() == 0) {
    sleep_enable();
    sei();
    sleep_cpu();
    sleep_disable();
  }
  sei();
}

int main(void) {
  reset_cause = reset_flags;
  bool had_stalled = measure_had_stalled();
  /* What stands in memory after power-on is chance. */
  if (had_stalled && !(reset_flags & _BV(PORF))) reset_cause |= CAUSE_STALLED;
  settings_load();
  uint16_t speed = settings[SETTING_SPEED];
  measure_start();
  line_open(speed);
  set_sleep_mode(SLEEP_MODE_IDLE);
  wdt_enable(WDTO_2S);
  sei();
  for (;;) {
    feed_watchdog();
    uint16_t length = line_frame();
    if (length > 0) {
      serve(length);
      line_listen();
    }
    if (speed != settings[SETTING_SPEED] && !line_is_sending()) {
      speed = settings[SETTING_SPEED];
      line_open(speed);
    }
    sleep_until_interrupt();
  }
}
