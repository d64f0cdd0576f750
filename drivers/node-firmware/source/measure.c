#include "measure.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "settings.h"

/* Timer 0 ticks every 2 ms: F_CPU / 256 / 125. */
#define TICK_MS 2
#define TICKS_A_SECOND (1000 / TICK_MS)

/* The watchdog bites after 2 s, 10 % more or less. */
#define STALLED_TICKS (1500 / TICK_MS)
#define STALLED_MARK 0x5a1e

/* A round of the inputs takes 50 ms, one with the temperature 110 ms. */
#define ADC_STUCK_TICKS (500 / TICK_MS)

/* D2, INT0: pulses to ground, with the chip's own pull-up. */
#define PULSE PD2

/* 64 samples of 10 bits make 16, of which noise decides how many are worth something. */
#define SAMPLES 64

enum { BANDGAP = CHANNELS, TEMPERATURE, SLOTS };

/* Rounds from one temperature to the next: changing the reference costs 60 ms of settling. */
#define TEMPERATURE_ROUNDS 100

#define OF_SUPPLY _BV(REFS0)
#define OF_BANDGAP (_BV(REFS1) | _BV(REFS0))
static const uint8_t INPUTS[SLOTS] = {
    OF_SUPPLY | 0, OF_SUPPLY | 1, OF_SUPPLY | 2,  OF_SUPPLY | 3,
    OF_SUPPLY | 4, OF_SUPPLY | 5, OF_SUPPLY | 14, OF_BANDGAP | 8,
};

/* Conversions of 104 us that are thrown away after a change of input, and of reference. */
#define SETTLE_INPUT 2
#define SETTLE_BANDGAP 20
#define SETTLE_REFERENCE 250

#define ADC_RUNS (_BV(ADEN) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0))

static volatile uint16_t sums[SLOTS];
static volatile uint16_t ticks, stalled_ticks, adc_ticks;
static volatile uint32_t uptime_s, pulses;
static volatile bool is_measured, is_adc_stuck;
static uint16_t stalled_mark __attribute__((section(".noinit")));

void measure_start(void) {
  PORTD |= _BV(PULSE);
  DIDR0 = 0x3f;
  ADMUX = INPUTS[0];
  ADCSRA = ADC_RUNS | _BV(ADSC);
  TCCR0A = _BV(WGM01);
  OCR0A = 124;
  TCCR0B = _BV(CS02);
  TIMSK0 = _BV(OCIE0A);
}

/* A contact has to be at rest for the whole of the debounce time before a change of it counts. */
static void watch_contact(void) {
  static bool is_closed;
  static uint8_t other_ms;
  bool is_low = !(PIND & _BV(PULSE));
  if (is_low == is_closed) {
    other_ms = 0;
    return;
  }
  other_ms += TICK_MS;
  if (other_ms < (uint8_t)settings[SETTING_DEBOUNCE_MS]) return;
  is_closed = is_low;
  other_ms = 0;
  if (is_closed) pulses++;
}

ISR(TIMER0_COMPA_vect) {
  static uint16_t second_ticks;
  ticks++;
  if (++second_ticks == TICKS_A_SECOND) {
    second_ticks = 0;
    uptime_s++;
  }
  watch_contact();
  if (++stalled_ticks >= STALLED_TICKS) stalled_mark = STALLED_MARK;
  if (++adc_ticks >= ADC_STUCK_TICKS) {
    adc_ticks = 0;
    is_adc_stuck = true;
    ADCSRA = 0;
    ADCSRA = ADC_RUNS | _BV(ADSC);
  }
}

ISR(ADC_vect) {
  static uint8_t slot, left = SAMPLES, settling = SETTLE_REFERENCE, rounds;
  static uint16_t sum;
  uint16_t code = ADC;
  if (settling > 0) {
    settling--;
  } else {
    sum += code;
    if (--left == 0) {
      sums[slot] = sum;
      sum = 0;
      left = SAMPLES;
      bool was_other_reference = slot == TEMPERATURE;
      slot++;
      if (slot == TEMPERATURE && rounds > 0) slot = SLOTS;
      if (slot == SLOTS) {
        slot = 0;
        if (++rounds == TEMPERATURE_ROUNDS) rounds = 0;
        adc_ticks = 0;
        is_measured = true;
        is_adc_stuck = false;
      }
      settling = was_other_reference || slot == TEMPERATURE ? SETTLE_REFERENCE
                 : slot == BANDGAP                           ? SETTLE_BANDGAP
                                                             : SETTLE_INPUT;
      ADMUX = INPUTS[slot];
    }
  }
  ADCSRA |= _BV(ADSC);
}

void measure_take(Measured *into) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    into->uptime_s = uptime_s;
    into->pulses = pulses;
    for (uint8_t i = 0; i < CHANNELS; i++) into->ratio[i] = sums[i];
    into->bandgap = sums[BANDGAP];
    into->temperature = sums[TEMPERATURE];
    into->is_measured = is_measured;
    into->is_adc_stuck = is_adc_stuck;
  }
}

void measure_main_loop_runs(void) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { stalled_ticks = 0; }
}

bool measure_had_stalled(void) {
  bool had_stalled = stalled_mark == STALLED_MARK;
  stalled_mark = 0;
  return had_stalled;
}

uint16_t measure_millis(void) {
  uint16_t now;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = ticks; }
  return now * TICK_MS;
}
