/* What the node is told and keeps: the holding registers are the settings, by address. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "node.h"

#define SETTING_UNIT 0
#define SETTING_SPEED 1 /* bits per second / 100 */
#define SETTING_BANDGAP_MV 2
#define SETTING_TEMPERATURE_OFFSET 3 /* 0.1 Cel, signed */
#define SETTING_DEBOUNCE_MS 4
#define SETTING_CHANNELS 5 /* three a channel: basis, zero, span */
#define SETTINGS (SETTING_CHANNELS + 3 * CHANNELS)

/* What a channel's zero and span are compared with. */
#define BASIS_RATIO 0   /* its part of the supply, 1/65536 */
#define BASIS_VOLTAGE 1 /* its voltage, 0.1 mV */

/* The settings that hold. */
extern uint16_t settings[SETTINGS];

/* Reads the newer sound copy, else takes the defaults. Call it once, before all else. */
void settings_load(void);

/* Whether the node can work with `wanted`. */
bool settings_are_sound(const uint16_t wanted[SETTINGS]);

/*
 * Makes `wanted` hold, now and after a power cut; blocks up to a quarter of a second. False where
 * the EEPROM does not take it: then the old settings hold on.
 */
bool settings_store(const uint16_t wanted[SETTINGS]);

/* The bits of the status register that are about the EEPROM. */
uint8_t settings_status(void);

#endif
