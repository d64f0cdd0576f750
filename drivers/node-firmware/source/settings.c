#include "settings.h"

#include <avr/eeprom.h>
#include <avr/wdt.h>
#include <string.h>

#include "crc16.h"

/*
 * Two copies; the older one is written. A copy is void from the first byte of its writing to the
 * last, so that a power cut in between leaves the other, which was not touched.
 */
typedef struct {
  uint8_t mark;
  uint8_t sequence;
  uint16_t registers[SETTINGS];
  uint16_t crc; /* of what is before it, the mark taken as MARK_SOUND */
} Copy;

#define MARK_SOUND 0xa5
#define MARK_VOID 0x00
#define BLANK 0xff

/* Not from 0 on: a brown-out can write to the address that the chip happens to hold, mostly 0. */
#define FIRST_COPY 32
#define SECOND_COPY 128

uint16_t settings[SETTINGS];

static uint8_t status;
static uint8_t sequence;
static uint16_t older_copy = FIRST_COPY;

static const uint16_t DEFAULTS[SETTINGS] = {
    1, 96, 1100, 0, 10,
    BASIS_VOLTAGE, 0, 50000, BASIS_VOLTAGE, 0, 50000, BASIS_VOLTAGE, 0, 50000,
    BASIS_VOLTAGE, 0, 50000, BASIS_VOLTAGE, 0, 50000, BASIS_VOLTAGE, 0, 50000,
};

static const uint16_t SPEEDS[] = {12, 24, 48, 96, 192, 384, 576, 1152};

static bool is_speed(uint16_t speed) {
  for (uint8_t i = 0; i < sizeof SPEEDS / sizeof SPEEDS[0]; i++) {
    if (SPEEDS[i] == speed) return true;
  }
  return false;
}

bool settings_are_sound(const uint16_t wanted[SETTINGS]) {
  if (wanted[SETTING_UNIT] < 1 || wanted[SETTING_UNIT] > 247) return false;
  if (!is_speed(wanted[SETTING_SPEED])) return false;
  if (wanted[SETTING_BANDGAP_MV] < 900 || wanted[SETTING_BANDGAP_MV] > 1300) return false;
  int16_t offset = (int16_t)wanted[SETTING_TEMPERATURE_OFFSET];
  if (offset < -500 || offset > 500) return false;
  if (wanted[SETTING_DEBOUNCE_MS] < 2 || wanted[SETTING_DEBOUNCE_MS] > 250) return false;
  for (uint8_t i = SETTING_CHANNELS; i < SETTINGS; i += 3) {
    if (wanted[i] > BASIS_VOLTAGE || wanted[i + 1] == wanted[i + 2]) return false;
  }
  return true;
}

static void read_copy(uint16_t at, Copy *copy) {
  eeprom_read_block(copy, (const void *)at, sizeof *copy);
}

static bool is_sound(const Copy *copy) {
  return copy->mark == MARK_SOUND && settings_are_sound(copy->registers) &&
         copy->crc == crc16((const uint8_t *)copy, sizeof *copy - sizeof copy->crc);
}

static bool is_blank(const Copy *copy) {
  const uint8_t *byte = (const uint8_t *)copy;
  for (uint8_t i = 0; i < sizeof *copy; i++) {
    if (byte[i] != BLANK) return false;
  }
  return true;
}

static void take(const Copy *copy, uint16_t other) {
  memcpy(settings, copy->registers, sizeof settings);
  sequence = copy->sequence;
  older_copy = other;
}

void settings_load(void) {
  Copy first, second;
  read_copy(FIRST_COPY, &first);
  read_copy(SECOND_COPY, &second);
  bool has_first = is_sound(&first), has_second = is_sound(&second);
  /* The sequence goes round: the newer one is ahead by less than half of it. */
  bool is_second_newer = (int8_t)(second.sequence - first.sequence) > 0;
  memcpy(settings, DEFAULTS, sizeof settings);
  if (has_second && (!has_first || is_second_newer)) {
    take(&second, FIRST_COPY);
  } else if (has_first) {
    take(&first, SECOND_COPY);
  }
  if ((!has_first && !is_blank(&first)) || (!has_second && !is_blank(&second))) {
    status |= STATUS_COPY_DAMAGED;
  }
  if (!has_first && !has_second) {
    status |= status & STATUS_COPY_DAMAGED ? STATUS_SETTINGS_LOST : STATUS_NEVER_SET;
  }
}

/* Each byte may take 3.4 ms; an EEPROM that never gets ready is left to the watchdog. */
static void write_bytes(uint16_t at, const void *bytes, uint8_t length) {
  for (uint8_t i = 0; i < length; i++) {
    wdt_reset();
    eeprom_update_byte((uint8_t *)(at + i), ((const uint8_t *)bytes)[i]);
  }
  eeprom_busy_wait();
}

bool settings_store(const uint16_t wanted[SETTINGS]) {
  Copy copy = {.mark = MARK_SOUND, .sequence = sequence + 1};
  memcpy(copy.registers, wanted, sizeof copy.registers);
  copy.crc = crc16((const uint8_t *)&copy, sizeof copy - sizeof copy.crc);
  const uint8_t mark_void = MARK_VOID;
  write_bytes(older_copy, &mark_void, 1);
  write_bytes(older_copy + 1, (const uint8_t *)&copy + 1, sizeof copy - 1);
  write_bytes(older_copy, &copy.mark, 1);
  Copy written;
  read_copy(older_copy, &written);
  if (memcmp(&written, &copy, sizeof copy) != 0) {
    status |= STATUS_WRITE_FAILED;
    return false;
  }
  take(&copy, older_copy == FIRST_COPY ? SECOND_COPY : FIRST_COPY);
  /* The damaged copy was the one to be written; where both were, the other still is. */
  status = status & STATUS_SETTINGS_LOST ? STATUS_COPY_DAMAGED : 0;
  return true;
}

uint8_t settings_status(void) { return status; }
