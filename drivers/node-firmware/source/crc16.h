/* The check sum of Modbus over serial line (6.2.2), also that of the copies in the EEPROM. */
#ifndef CRC16_H
#define CRC16_H

#include <stdint.h>
#include <util/crc16.h>

static inline uint16_t crc16(const uint8_t *bytes, uint16_t length) {
  uint16_t crc = 0xffff;
  while (length--) crc = _crc16_update(crc, *bytes++);
  return crc;
}

#endif
