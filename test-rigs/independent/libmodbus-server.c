/*
 * A Modbus TCP server on libmodbus that holds a table of values.
 *
 *     libmodbus-server TABLE        prints the port it listens on
 *
 * Each line of the table: area, address, type, order, registers of a text, value.
 * libmodbus's own modbus_set_float_abcd and its like are not used: in 3.1.6 on a little-endian
 * machine abcd puts BADC on the wire.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <modbus/modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AREA_SIZE = 65536, BYTES_MAX = 250, LINE_MAX_LENGTH = 1024 };

static void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, modbus_strerror(errno));
    exit(1);
}

static int from_hex(const char *text, uint8_t *bytes) {
    int length = 0;
    unsigned int byte;
    while (sscanf(text + 2 * length, "%2x", &byte) == 1) bytes[length++] = (uint8_t)byte;
    return length;
}

/* Writes the `length` lowest bytes of `bits`, the highest first. */
static int high_first(uint64_t bits, int length, uint8_t *bytes) {
    for (int i = 0; i < length; i++) bytes[i] = (uint8_t)(bits >> (8 * (length - 1 - i)));
    return length;
}

static int value_bytes(const char *type, int text_registers, const char *value, uint8_t *bytes) {
    if (strncmp(type, "bcd", 3) == 0) return from_hex(value, bytes);
    if (strcmp(type, "string") == 0) {
        memset(bytes, 0, BYTES_MAX);
        from_hex(value, bytes);
        return 2 * text_registers;
    }
    if (strcmp(type, "float32") == 0) {
        float number = strtof(value, NULL);
        uint32_t bits;
        memcpy(&bits, &number, sizeof bits);
        return high_first(bits, 4, bytes);
    }
    if (strcmp(type, "float64") == 0) {
        double number = strtod(value, NULL);
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        return high_first(bits, 8, bytes);
    }
    uint64_t bits = value[0] == '-' ? (uint64_t)strtoll(value, NULL, 10) : strtoull(value, NULL, 10);
    int length = strstr(type, "64") ? 8 : strstr(type, "32") ? 4 : 2;
    return high_first(bits, length, bytes);
}

static void put(const char *type, const char *order, int text_registers, const char *value,
                uint16_t *to) {
    uint8_t bytes[BYTES_MAX];
    int words = value_bytes(type, text_registers, value, bytes) / 2;
    int swaps = strcmp(order, "BADC") == 0 || strcmp(order, "DCBA") == 0;
    int turns = strcmp(type, "string") != 0 &&
                (strcmp(order, "CDAB") == 0 || strcmp(order, "DCBA") == 0);
    for (int i = 0; i < words; i++) {
        uint16_t word = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
        if (swaps) word = (uint16_t)(word << 8 | word >> 8);
        to[turns ? words - 1 - i : i] = word;
    }
}

static void load(const char *path, modbus_mapping_t *map) {
    FILE *table = fopen(path, "r");
    if (table == NULL) die(path);
    char line[LINE_MAX_LENGTH], area[16], type[16], order[8], value[512];
    int address, length;
    while (fgets(line, sizeof line, table) != NULL) {
        if (sscanf(line, "%15s %d %15s %7s %d %511s", area, &address, type, order, &length,
                   value) != 6) {
            fprintf(stderr, "not understood: %s", line);
            exit(1);
        }
        if (strcmp(area, "coil") == 0) map->tab_bits[address] = value[0] == '1';
        if (strcmp(area, "discrete") == 0) map->tab_input_bits[address] = value[0] == '1';
        if (strcmp(area, "input") == 0)
            put(type, order, length, value, map->tab_input_registers + address);
        if (strcmp(area, "holding") == 0)
            put(type, order, length, value, map->tab_registers + address);
    }
    fclose(table);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    modbus_t *context = modbus_new_tcp("127.0.0.1", 0);
    /* The last address is not there, so that a read of it is refused. */
    modbus_mapping_t *map =
        modbus_mapping_new(AREA_SIZE - 1, AREA_SIZE - 1, AREA_SIZE - 1, AREA_SIZE - 1);
    if (context == NULL || map == NULL) die("start");
    load(argv[1], map);
    int listener = modbus_tcp_listen(context, 1);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    if (listener < 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0) die("listen");
    printf("listening on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        if (modbus_tcp_accept(context, &listener) < 0) die("accept");
        uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
        for (int length; (length = modbus_receive(context, query)) >= 0;)
            if (length > 0 && modbus_reply(context, query, length, map) < 0) break;
        modbus_close(context);
    }
}
