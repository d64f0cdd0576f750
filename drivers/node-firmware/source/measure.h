/* What the node measures, without being asked: inputs, supply, temperature, pulses, time. */
#ifndef MEASURE_H
#define MEASURE_H

#include "node.h"

/* Everything that was measured, of one moment. */
typedef struct {
  uint32_t uptime_s;
  uint32_t pulses;
  uint16_t ratio[CHANNELS]; /* of the supply, 1/65536 */
  uint16_t bandgap;         /* the same of the internal reference */
  uint16_t temperature;     /* the sensor's part of the internal reference, 1/65536 */
  bool is_measured;         /* false before the first round: what the converter tells is 0 */
  bool is_adc_stuck;
} Measured;

void measure_start(void);

/* All at once: no value of more than one byte is torn. */
void measure_take(Measured *into);

/* Says that the main loop goes round; where it does not, that is marked before the watchdog bites. */
void measure_main_loop_runs(void);

/* Whether the mark was there when the chip was reset; the mark is taken away. */
bool measure_had_stalled(void);

/* Milliseconds since the start; goes round. */
uint16_t measure_millis(void);

#endif
