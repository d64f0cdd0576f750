/*
 * The floor: libmodbus and libmosquitto with nothing between them, as `bare.ts` does it.
 *
 *     bare PORT_OF_BROKER REGISTERS EVERY_MS ALARM PORT...
 *
 * With ALARM above 0 it publishes one event when register 0 rises to it; otherwise one message a
 * read. It ends where a device or the broker is lost.
 */
#include <modbus/modbus.h>
#include <mosquitto.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define MAX_DEVICES 250
/* The most registers of one request, and what one takes in a message at most. */
#define CHUNK 125
#define DIGITS 6

static struct mosquitto *centre;

static long long wall_ms(void) {
    struct timeval now;
    gettimeofday(&now, NULL);
    return (long long)now.tv_sec * 1000 + now.tv_usec / 1000;
}

static void publish(const char *topic, int length, const char *payload) {
    if (mosquitto_publish(centre, NULL, topic, length, payload, 1, false) == MOSQ_ERR_SUCCESS) return;
    fprintf(stderr, "the broker is lost\n");
    exit(1);
}

static void tell_values(int device, int from, int count, const uint16_t *values) {
    char text[128 + CHUNK * DIGITS];
    int length = sprintf(text, "{\"at\":%lld,\"index\":%d,\"from\":%d,\"v\":[", wall_ms(), device, from);
    for (int n = 0; n < count; n++) {
        length += sprintf(text + length, n == 0 ? "%u" : ",%u", (unsigned)values[n]);
    }
    length += sprintf(text + length, "]}");
    publish("peer/readings", length, text);
}

static void tell_event(int device) {
    char topic[32];
    sprintf(topic, "peer/events/%d", device);
    publish(topic, 1, "1");
}

int main(int argc, char **argv) {
    int devices = argc - 5;
    if (devices < 1 || devices > MAX_DEVICES) return 2;
    int registers = atoi(argv[2]), every_ms = atoi(argv[3]), alarm = atoi(argv[4]);
    modbus_t *links[MAX_DEVICES];
    int was_high[MAX_DEVICES] = {0};
    mosquitto_lib_init();
    centre = mosquitto_new(NULL, true, NULL);
    if (mosquitto_connect(centre, "127.0.0.1", atoi(argv[1]), 60) != MOSQ_ERR_SUCCESS) return 1;
    if (mosquitto_loop_start(centre) != MOSQ_ERR_SUCCESS) return 1;
    for (int n = 0; n < devices; n++) {
        links[n] = modbus_new_tcp("127.0.0.1", atoi(argv[5 + n]));
        if (links[n] == NULL || modbus_set_slave(links[n], 1) != 0 || modbus_connect(links[n]) != 0) {
            perror(argv[5 + n]);
            return 1;
        }
    }
    puts("peer runs");
    fflush(stdout);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (;;) {
        for (int n = 0; n < devices; n++) {
            for (int from = 0; from < registers; from += CHUNK) {
                uint16_t values[CHUNK];
                int count = registers - from < CHUNK ? registers - from : CHUNK;
                if (modbus_read_registers(links[n], from, count, values) != count) {
                    perror(argv[5 + n]);
                    return 1;
                }
                int is_high = values[0] >= alarm;
                if (alarm == 0) tell_values(n, from, count, values);
                else if (is_high && !was_high[n]) tell_event(n);
                was_high[n] = is_high;
            }
        }
        due.tv_nsec += (long)every_ms * 1000000L;
        for (; due.tv_nsec >= 1000000000L; due.tv_sec++) due.tv_nsec -= 1000000000L;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    }
}
