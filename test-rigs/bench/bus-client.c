/*
 * Reads holding registers of unit 1 with libmodbus, as fast as it goes.
 *
 *     bus-client PORT BAUD REGISTERS SECONDS
 *
 * Prints a line of JSON: transactions, failures, and processor time in milliseconds.
 */
#include <modbus/modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu_ms(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int registers = atoi(argv[3]);
    uint16_t values[MODBUS_MAX_READ_REGISTERS];
    modbus_t *line = modbus_new_rtu(argv[1], atoi(argv[2]), 'E', 8, 1);
    if (line == NULL || modbus_set_slave(line, 1) != 0 || modbus_connect(line) != 0) {
        perror(argv[1]);
        return 1;
    }
    modbus_set_response_timeout(line, 3, 0);
    int transactions = 0, failures = 0;
    double end = seconds() + atof(argv[4]), cpu = cpu_ms();
    while (seconds() < end) {
        transactions++;
        if (modbus_read_registers(line, 0, registers, values) != registers) failures++;
    }
    printf("{\"transactions\":%d,\"failures\":%d,\"cpuMs\":%f}\n", transactions, failures,
           cpu_ms() - cpu);
    return 0;
}
