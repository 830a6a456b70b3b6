/*
 * The portable C against the test vectors that the Python codec is held to, and what the vectors
 * cannot show. Arguments: the files of vectors, stream and log.
 */
#include "shoegait_control.h"
#include "shoegait_log.h"
#include "shoegait_packet.h"
#include "shoegait_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) check((what), #what, __LINE__)

static char name[64];

static void check(bool holds, const char *what, int line)
{
    if (!holds) {
        fprintf(stderr, "line %d, case %s: not so: %s\n", line, name, what);
        exit(1);
    }
}

typedef struct {
    uint8_t bytes[1024];
    size_t length;
} hex_bytes;

static void add_hex(hex_bytes *to, const char *digits)
{
    unsigned int byte;

    while (sscanf(digits, "%2x", &byte) == 1) {
        CHECK(to->length < sizeof to->bytes);
        to->bytes[to->length++] = (uint8_t)byte;
        digits += 2;
    }
}

/* One case of the stream. */
typedef struct {
    unsigned long seq, device_us, flags;
    int16_t samples[64][6];
    size_t count;
    hex_bytes want;
} stream_case;

static void keep_packet(void *context, const uint8_t *bytes, uint16_t length)
{
    hex_bytes *got = context;

    CHECK(got->length + length <= sizeof got->bytes);
    memcpy(&got->bytes[got->length], bytes, length);
    got->length += length;
}

static void check_stream(const stream_case *vector)
{
    hex_bytes got = {{0}, 0};
    sg_encoder encoder;

    sg_encoder_init(&encoder, vector->flags & SG_ACCELEROMETER_ONLY, (uint16_t)vector->seq,
                    keep_packet, &got);
    encoder.mtu = SG_LARGEST_MTU;
    for (size_t i = 0; i < vector->count; i++) {
        sg_encoder_push(&encoder, vector->samples[i], (uint32_t)vector->device_us,
                        i == 0 && (vector->flags & SG_LOST_BEFORE));
    }
    sg_encoder_flush(&encoder);
    if (vector->flags & SG_RESENT) {
        sg_slot slots[2];
        sg_ring ring;
        sg_resends resends;

        sg_ring_init(&ring, slots, 2);
        sg_ring_add(&ring, got.bytes, (uint16_t)got.length);
        sg_resends_forget(&resends);
        sg_resends_add(&resends, (uint16_t)vector->seq, 1);
        CHECK(sg_resends_next(&resends, &ring, got.bytes) == got.length);
    }
    CHECK(got.length == vector->want.length);
    CHECK(memcmp(got.bytes, vector->want.bytes, got.length) == 0);
}

static bool stream_line(stream_case *vector, const char *line)
{
    int16_t *to = vector->samples[vector->count];
    char digits[64];

    if (sscanf(line, "seq: %lu", &vector->seq) == 1 ||
        sscanf(line, "device_us: %lu", &vector->device_us) == 1 ||
        sscanf(line, "flags: %lu", &vector->flags) == 1) {
        return true;
    }
    if (strncmp(line, "sample:", 7) == 0) {
        CHECK(sscanf(line, "sample: %hd %hd %hd %hd %hd %hd", &to[0], &to[1], &to[2], &to[3],
                     &to[4], &to[5]) >= 3);
        vector->count++;
        return true;
    }
    if (sscanf(line, "hex: %63s", digits) == 1) {
        add_hex(&vector->want, digits);
        return true;
    }
    return strstr(line, "_range_") != NULL;
}

/* One case of the log; `parts` holds the notifications one after the other. */
typedef struct {
    unsigned long number, index, mtu, crc;
    hex_bytes packet, parts;
} log_case;

static void check_log(const log_case *vector)
{
    sg_parts parts = {(uint16_t)vector->number, (uint32_t)vector->index, vector->packet.bytes,
                      (uint16_t)vector->packet.length, 0};
    hex_bytes got = {{0}, 0};
    uint16_t length;
    sg_log log = {0};

    do {
        length = sg_parts_next(&parts, (uint16_t)vector->mtu, &got.bytes[got.length]);
        CHECK(length <= vector->mtu - SG_ATT_BYTES);
        got.length += length;
    } while (length > 0);
    CHECK(got.length == vector->parts.length);
    CHECK(memcmp(got.bytes, vector->parts.bytes, got.length) == 0);
    sg_log_note(&log, vector->packet.bytes, (uint16_t)vector->packet.length);
    CHECK(sg_log_matches(&log, 1, (uint32_t)vector->crc));
    CHECK(!sg_log_matches(&log, 2, (uint32_t)vector->crc));
    CHECK(!sg_log_matches(&log, 1, (uint32_t)vector->crc ^ 1u));
}

static bool log_line(log_case *vector, const char *line)
{
    char digits[64];

    if (sscanf(line, "log: %lu", &vector->number) == 1 ||
        sscanf(line, "index: %lu", &vector->index) == 1 ||
        sscanf(line, "mtu: %lu", &vector->mtu) == 1 ||
        sscanf(line, "crc32: %lu", &vector->crc) == 1) {
        return true;
    }
    if (sscanf(line, "packet: %63s", digits) == 1) {
        add_hex(&vector->packet, digits);
        return true;
    }
    if (sscanf(line, "part: %63s", digits) == 1 || sscanf(line, "more: %63s", digits) == 1) {
        add_hex(&vector->parts, digits);
        return true;
    }
    return false;
}

static void check_file(const char *path, bool is_stream)
{
    static stream_case stream;
    static log_case log;
    FILE *file = fopen(path, "r");
    char line[256];
    int cases = 0;
    bool more = true;

    CHECK(file != NULL);
    name[0] = '\0';
    while (more) {
        more = fgets(line, sizeof line, file) != NULL;
        if (more && line[0] == '#') {
            continue;
        }
        if (!more || line[0] == '\n') {
            if (name[0] != '\0') {
                is_stream ? check_stream(&stream) : check_log(&log);
                cases++;
            }
            memset(&stream, 0, sizeof stream);
            memset(&log, 0, sizeof log);
            name[0] = '\0';
        } else if (sscanf(line, "name: %63s", name) != 1) {
            CHECK(is_stream ? stream_line(&stream, line) : log_line(&log, line));
        }
    }
    fclose(file);
    CHECK(cases >= 5);
    printf("%d vectors of %s\n", cases, is_stream ? "the stream" : "the log");
}

static void check_ring_over_the_wrap(void)
{
    static sg_slot slots[5];
    sg_ring ring;
    sg_resends resends;
    uint16_t first = 65530;
    uint8_t packet[SG_PACKET_MAX] = {0x10, 1};

    strcpy(name, "ring");
    sg_ring_init(&ring, slots, 5);
    for (uint16_t seq = 65530; seq != 3; seq++) {
        sg_put16(&packet[2], seq);
        sg_ring_add(&ring, packet, 20);
    }
    CHECK(sg_ring_available(&ring, &first, 100, 20) == 5 && first == 65534);
    CHECK(sg_ring_available(&ring, &first, 100, 19) == 0);
    /* Step by step through the numbers asked for, these would take an hour. */
    for (unsigned int i = 0; i < 1000000; i++) {
        uint16_t far = 3;

        CHECK(sg_ring_available(&ring, &far, 65000, 20) == 0 && far == 3);
    }
    sg_resends_forget(&resends);
    for (int i = 0; i < 4; i++) {
        CHECK(!sg_resends_busy(&resends));
        sg_resends_add(&resends, first, 2);
    }
    CHECK(sg_resends_busy(&resends));
    for (int i = 0; i < 8; i++) {
        CHECK(sg_resends_next(&resends, &ring, packet) == 20);
        CHECK(packet[0] == 0x12 && sg_packet_seq(packet) == (uint16_t)(65534 + i % 2));
    }
    CHECK(sg_resends_next(&resends, &ring, packet) == 0);
    sg_put16(&packet[2], 100);
    sg_ring_add(&ring, packet, 236);
    CHECK(ring.count == 5);
    packet[1] = 19;
    sg_ring_add(&ring, packet, 236);
    CHECK(ring.count == 1 && sg_ring_get(&ring, 100)->length == 236);
}

/* A shorter MTU ends what is begun: the very next packet fits the link. */
static void check_mtu_that_changes(void)
{
    static const int16_t sample[6] = {1, 2, 3, 4, 5, 6};

    strcpy(name, "mtu");
    for (uint16_t mtu = SG_SMALLEST_MTU; mtu <= SG_LARGEST_MTU; mtu++) {
        for (int begun = 0; begun < 19; begun++) {
            hex_bytes got = {{0}, 0};
            sg_encoder encoder;
            size_t whole = SG_HEADER_BYTES + 12u * sg_samples_per_packet(mtu, false);
            size_t first = SG_HEADER_BYTES + 12u * (size_t)begun;

            sg_encoder_init(&encoder, false, 0, keep_packet, &got);
            sg_encoder_set_mtu(&encoder, SG_LARGEST_MTU);
            for (int i = 0; i < begun; i++) {
                sg_encoder_push(&encoder, sample, 0, false);
            }
            sg_encoder_set_mtu(&encoder, mtu);
            CHECK(got.length == (begun > 0 && first >= whole ? first : 0));
            got.length = 0;
            for (int i = 0; i < 19 && got.length == 0; i++) {
                sg_encoder_push(&encoder, sample, 0, false);
            }
            CHECK(got.length == whole && whole <= mtu - SG_ATT_BYTES);
        }
    }
}

static void check_sizes_that_the_headers_state(void)
{
    strcpy(name, "sizes");
    CHECK(sizeof(sg_slot) == 245);
    CHECK(sizeof(sg_ring) <= 24);
    CHECK(sizeof(sg_resends) <= 20);
    CHECK(sizeof(sg_encoder) <= 272);
    CHECK(sizeof(sg_log) <= 40);
    CHECK(sg_saturate(40000) == 32767 && sg_saturate(-40000) == -32768 && sg_saturate(-5) == -5);
}

int main(int count, char **arguments)
{
    CHECK(count == 3);
    check_file(arguments[1], true);
    check_file(arguments[2], false);
    check_ring_over_the_wrap();
    check_mtu_that_changes();
    check_sizes_that_the_headers_state();
    return 0;
}
