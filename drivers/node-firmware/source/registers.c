#include "registers.h"

#include <avr/io.h>

#include "line.h"
#include "measure.h"

/* Of the supply: outside of it the chip at 16 MHz, or its reference, is not to be believed. */
#define SUPPLY_MIN_MV 3800
#define SUPPLY_MAX_MV 5600
/* A chip does not live at such a one: the reference is wrong, and with it every voltage. */
#define SUPPLY_ABSURD_MV 6000

/* Tells this map from others that may come. */
#define MAP_MARK 0x4c4e /* "LN" */

static uint16_t high(uint32_t value) { return value >> 16; }

/* In millivolts, from how large the internal reference looks. */
static uint16_t supply_mv(uint16_t bandgap) {
  uint32_t supply = ((uint32_t)settings[SETTING_BANDGAP_MV] << 16) / (bandgap > 0 ? bandgap : 1);
  return supply > SUPPLY_ABSURD_MV ? SUPPLY_ABSURD_MV : supply;
}

/* In 0.1 Cel: 314 mV at 25 Cel and 1.06 mV a degree (ATmega328P data sheet 24.8). */
static uint16_t temperature(uint16_t ratio) {
  int32_t tenth_mv = ((uint32_t)settings[SETTING_BANDGAP_MV] * 10 * ratio) >> 16;
  int16_t offset = (int16_t)settings[SETTING_TEMPERATURE_OFFSET];
  return 250 + (tenth_mv - 3140) * 100 / 106 + offset;
}

/* In 0.1 mV. */
static uint16_t voltage(uint16_t ratio, uint16_t supply) {
  return (uint32_t)ratio * (supply * 10UL) >> 16;
}

/* `now` on the way from zero to span, in 0.01 %; held at the ends of what 16 bits tell. */
static uint16_t calibrated(uint16_t now, uint16_t zero, uint16_t span) {
  int32_t value = ((int32_t)now - zero) * 10000 / ((int32_t)span - zero);
  if (value > INT16_MAX) value = INT16_MAX;
  if (value < INT16_MIN) value = INT16_MIN;
  return value;
}

static uint16_t status(const Measured *now, uint16_t supply, uint8_t reset_cause) {
  uint16_t bits = settings_status();
  bool is_in_bounds = supply >= SUPPLY_MIN_MV && supply <= SUPPLY_MAX_MV;
  if (now->is_adc_stuck) bits |= STATUS_ADC_FAULT;
  if (now->is_measured && !is_in_bounds) bits |= STATUS_SUPPLY_DOUBTFUL;
  if (reset_cause & (_BV(WDRF) | CAUSE_STALLED)) bits |= STATUS_WATCHDOG_RESET;
  return bits;
}

static void fill_measured(uint16_t *measured, const Measured *now, uint16_t supply) {
  for (uint8_t i = 0; i < CHANNELS; i++) {
    const uint16_t *channel = &settings[SETTING_CHANNELS + 3 * i];
    uint16_t ratio = now->ratio[i], volts = voltage(ratio, supply);
    measured[i] = calibrated(channel[0] == BASIS_RATIO ? ratio : volts, channel[1], channel[2]);
    measured[CHANNELS + i] = volts;
    measured[2 * CHANNELS + i] = ratio;
  }
  measured[3 * CHANNELS] = supply;
  measured[3 * CHANNELS + 1] = temperature(now->temperature);
}

void registers_take(Registers *into, uint8_t reset_cause, LineCounts counts) {
  Measured now;
  measure_take(&now);
  uint16_t supply = supply_mv(now.bandgap);
  uint16_t *state = into->state;
  state[0] = status(&now, supply, reset_cause);
  state[1] = reset_cause;
  state[2] = high(now.uptime_s);
  state[3] = now.uptime_s;
  state[4] = high(now.pulses);
  state[5] = now.pulses;
  state[6] = counts.requests;
  state[7] = counts.bad_crc;
  state[8] = line_damaged();
  state[9] = VERSION_REGISTER;
  state[10] = MAP_MARK;
  fill_measured(into->measured, &now, supply);
  into->missing = 0;
  if (!now.is_measured) into->missing = DEVICE_BUSY;
  if (now.is_adc_stuck || (now.is_measured && supply == SUPPLY_ABSURD_MV)) {
    into->missing = DEVICE_FAILURE;
  }
}
