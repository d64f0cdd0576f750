#include "modbus.h"

#include <string.h>

enum {
  READ_HOLDING = 3,
  READ_INPUT = 4,
  WRITE_ONE = 6,
  DIAGNOSTICS = 8,
  WRITE_SEVERAL = 16,
  REPORT_SERVER_ID = 17,
  ENCAPSULATED = 43,
};

#define EXCEPTION_BIT 0x80
#define READ_IDENTIFICATION 14
/* Conformity: the basic objects, as a stream and one by one (6.21). */
#define BASIC_AND_SINGLE 0x81
#define RUNS 0xff
#define SERVER_ID 1

static uint16_t word(const uint8_t *bytes) { return (uint16_t)bytes[0] << 8 | bytes[1]; }

static uint8_t put_word(uint8_t *at, uint16_t value) {
  at[0] = value >> 8;
  at[1] = value;
  return 2;
}

static uint8_t put_text(uint8_t *at, const char *text) {
  uint8_t length = strlen(text);
  memcpy(at, text, length);
  return length;
}

static uint8_t except(uint8_t *answer, uint8_t code) {
  answer[0] |= EXCEPTION_BIT;
  answer[1] = code;
  return 2;
}

/* Registers that stand from `at` on. */
typedef struct {
  uint16_t at;
  uint8_t size;
  const uint16_t *registers;
  /* Why they cannot be told, as an exception; else 0. */
  uint8_t missing;
} Block;

/* 6.3, 6.4 */
static uint8_t read(const uint8_t *request, uint8_t length, uint8_t *answer, const Block *block) {
  if (length != 5) return except(answer, ILLEGAL_VALUE);
  uint16_t address = word(request + 1), count = word(request + 3);
  if (count < 1 || count > 125) return except(answer, ILLEGAL_VALUE);
  uint16_t first = address - block->at;
  if (first >= block->size || count > block->size - first) return except(answer, ILLEGAL_ADDRESS);
  if (block->missing) return except(answer, block->missing);
  answer[1] = 2 * count;
  uint8_t at = 2;
  for (uint8_t i = 0; i < count; i++) at += put_word(answer + at, block->registers[first + i]);
  return at;
}

static uint8_t read_holding(const uint8_t *request, uint8_t length, uint8_t *answer) {
  const Block block = {0, SETTINGS, settings, 0};
  return read(request, length, answer, &block);
}

static uint8_t read_input(const uint8_t *request, uint8_t length, uint8_t *answer,
                          const Registers *input) {
  const Block state = {0, STATE_REGISTERS, input->state, 0};
  const Block measured = {MEASURED_AT, MEASURED_REGISTERS, input->measured, input->missing};
  bool is_measured = length > 2 && word(request + 1) >= MEASURED_AT;
  return read(request, length, answer, is_measured ? &measured : &state);
}

/* All of it holds or nothing does; 0 where it is done, else the exception. */
static uint8_t change(uint16_t address, const uint8_t *values, uint8_t count, bool is_broadcast) {
  if (address >= SETTINGS || count > SETTINGS - address) return ILLEGAL_ADDRESS;
  uint16_t wanted[SETTINGS];
  memcpy(wanted, settings, sizeof wanted);
  for (uint8_t i = 0; i < count; i++) wanted[address + i] = word(values + 2 * i);
  if (!settings_are_sound(wanted)) return ILLEGAL_VALUE;
  if (is_broadcast && wanted[SETTING_UNIT] != settings[SETTING_UNIT]) return ILLEGAL_VALUE;
  if (memcmp(wanted, settings, sizeof wanted) == 0) return 0;
  return settings_store(wanted) ? 0 : DEVICE_FAILURE;
}

/* 6.6 */
static uint8_t write_one(const uint8_t *request, uint8_t length, uint8_t *answer,
                         bool is_broadcast) {
  if (length != 5) return except(answer, ILLEGAL_VALUE);
  uint8_t exception = change(word(request + 1), request + 3, 1, is_broadcast);
  if (exception) return except(answer, exception);
  memcpy(answer, request, 5);
  return 5;
}

/* 6.12 */
static uint8_t write_several(const uint8_t *request, uint8_t length, uint8_t *answer,
                             bool is_broadcast) {
  if (length < 6) return except(answer, ILLEGAL_VALUE);
  uint16_t count = word(request + 3);
  bool is_whole = count >= 1 && count <= 123 && request[5] == 2 * count && length == 6 + 2 * count;
  if (!is_whole) return except(answer, ILLEGAL_VALUE);
  uint8_t exception = change(word(request + 1), request + 6, count, is_broadcast);
  if (exception) return except(answer, exception);
  memcpy(answer, request, 5);
  return 5;
}

/* 6.8.1: data come back as they are. The other sub-functions are not there. */
static uint8_t diagnose(const uint8_t *request, uint8_t length, uint8_t *answer) {
  if (length < 3) return except(answer, ILLEGAL_VALUE);
  if (word(request + 1) != 0) return except(answer, ILLEGAL_FUNCTION);
  memcpy(answer, request, length);
  return length;
}

/* 6.13: an ID of one byte, as clients expect it that know no other form; the names behind it. */
static uint8_t report_server_id(uint8_t length, uint8_t *answer) {
  if (length != 1) return except(answer, ILLEGAL_VALUE);
  uint8_t at = 2;
  answer[at++] = SERVER_ID;
  answer[at++] = RUNS;
  at += put_text(answer + at, PRODUCT_TEXT " " VERSION_TEXT);
  answer[1] = at - 2;
  return at;
}

static const char *const OBJECTS[] = {VENDOR_TEXT, PRODUCT_TEXT, VERSION_TEXT};
#define OBJECT_COUNT 3

/* 6.21: what is asked beyond the basic objects is answered with those. */
static uint8_t identify(const uint8_t *request, uint8_t length, uint8_t *answer) {
  if (length < 2 || request[1] != READ_IDENTIFICATION) return except(answer, ILLEGAL_FUNCTION);
  if (length != 4) return except(answer, ILLEGAL_VALUE);
  uint8_t code = request[2], from = request[3];
  if (code < 1 || code > 4) return except(answer, ILLEGAL_VALUE);
  bool is_single = code == 4;
  if (from >= OBJECT_COUNT) {
    if (is_single) return except(answer, ILLEGAL_ADDRESS);
    from = 0;
  }
  uint8_t end = is_single ? from + 1 : OBJECT_COUNT;
  answer[1] = READ_IDENTIFICATION;
  answer[2] = code;
  answer[3] = BASIC_AND_SINGLE;
  answer[4] = 0; /* nothing follows */
  answer[5] = 0;
  answer[6] = end - from;
  uint8_t at = 7;
  for (uint8_t id = from; id < end; id++) {
    answer[at] = id;
    answer[at + 1] = put_text(answer + at + 2, OBJECTS[id]);
    at += 2 + answer[at + 1];
  }
  return at;
}

uint8_t modbus_answer(const uint8_t *request, uint8_t length, uint8_t *answer,
                      const Registers *input, bool is_broadcast) {
  answer[0] = request[0];
  switch (request[0]) {
    case READ_HOLDING:
      return read_holding(request, length, answer);
    case READ_INPUT:
      return read_input(request, length, answer, input);
    case WRITE_ONE:
      return write_one(request, length, answer, is_broadcast);
    case WRITE_SEVERAL:
      return write_several(request, length, answer, is_broadcast);
    case DIAGNOSTICS:
      return diagnose(request, length, answer);
    case REPORT_SERVER_ID:
      return report_server_id(length, answer);
    case ENCAPSULATED:
      return identify(request, length, answer);
    default:
      return except(answer, ILLEGAL_FUNCTION);
  }
}
