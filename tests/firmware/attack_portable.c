/*
 * The portable C under whatever comes. Reads inputs from stdin and writes what became of each to
 * stdout; test_attacks.py compares that with the Python codec.
 *
 * Both ways: length (4 bytes, little endian), then so many bytes. An input's first byte says what
 * is tried. Each input lies in memory of exactly its size, so that the address sanitizer sees one
 * byte too many.
 */
#include "shoegait_control.h"
#include "shoegait_log.h"
#include "shoegait_packet.h"
#include "shoegait_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (1u << 24)    /* of what becomes of one input */
#define SLOTS 16u

static uint8_t *result;
static size_t result_length;

static void fail(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static void put(const uint8_t *bytes, size_t length)
{
    if (result_length + length > MOST_BYTES) {
        fail("too much came of one input");
    }
    if (length > 0) {
        memcpy(&result[result_length], bytes, length);
        result_length += length;
    }
}

static void put_number(uint64_t value, unsigned int bytes)
{
    for (unsigned int i = 0; i < bytes; i++) {
        uint8_t byte = (uint8_t)(value >> (8u * i) & 0xFFu);

        put(&byte, 1);
    }
}

static void put_message(const uint8_t *bytes, uint16_t length)
{
    put_number(length, 2);
    put(bytes, length);
}

/* What is left of an input; reading on beyond its end gives zeros, and `over` says so. */
typedef struct {
    const uint8_t *bytes;
    size_t left;
    bool over;
} input;

static uint64_t take_number(input *in, unsigned int bytes)
{
    uint64_t value = 0;

    if (in->left < bytes) {
        in->over = true;
        in->left = 0;
        return 0;
    }
    for (unsigned int i = 0; i < bytes; i++) {
        value |= (uint64_t)in->bytes[i] << (8u * i);
    }
    in->bytes += bytes;
    in->left -= bytes;
    return value;
}

/* The next bytes, as many as there are, in memory of their own; to be freed. */
static uint8_t *take_copy(input *in, size_t *length)
{
    uint8_t *copy;

    if (*length > in->left) {
        *length = in->left;
    }
    copy = malloc(*length);
    if (copy == NULL && *length > 0) {
        fail("no memory");
    }
    if (*length > 0) {
        memcpy(copy, in->bytes, *length);
        in->bytes += *length;
        in->left -= *length;
    }
    return copy;
}

static void echo(void *context, const sg_command *command, sg_answer *answer)
{
    bool *acted = context;

    *acted = true;
    answer->has_values = true;
    memcpy(answer->values, command->values, sizeof answer->values);
    for (size_t i = 0; i < SG_MOST_VALUES; i++) {
        put_number(command->values[i], 8);
    }
}

/* A byte of features, and what a host writes to the control point. */
static void control(input *in)
{
    uint8_t features = (uint8_t)take_number(in, 1);
    size_t length = in->left;
    uint8_t *written = take_copy(in, &length);
    uint8_t *answer = malloc(SG_ANSWER_MAX);
    bool acted = false;

    if (answer == NULL) {
        fail("no memory");
    }
    length = sg_control(written, length, features, echo, &acted, answer);
    put_number(acted, 1);
    put(answer, length);
    free(answer);
    free(written);
}

/* Bytes that may be a packet, for the ring and for the log. */
static void packet(input *in)
{
    static sg_slot slots[2];
    sg_ring ring;
    sg_log log = {0};
    size_t length = in->left;
    uint8_t *bytes = take_copy(in, &length);

    sg_ring_init(&ring, slots, 2);
    sg_ring_add(&ring, bytes, (uint16_t)length);
    put_number(sg_packet_whole(bytes, length), 1);
    put_number(ring.count, 2);
    if (ring.count > 0) {
        put_number(sg_packet_seq(ring.slots[0].bytes), 2);
        put_number(sg_packet_time_us(ring.slots[0].bytes), 4);
        put_message(ring.slots[0].bytes, ring.slots[0].length);
    }
    sg_log_note(&log, bytes, (uint16_t)length);
    put_number(log.packets, 4);
    put_number(log.crc, 4);
    put_number(log.last_us, 4);
    free(bytes);
}

/* The ring's size, and then what a shoe and its host do: add, ask, send, forget. */
static void resending(input *in)
{
    uint8_t size = (uint8_t)(take_number(in, 1) % (SLOTS + 1));
    sg_slot *slots = malloc(size * sizeof *slots);
    uint8_t *out = malloc(SG_PACKET_MAX);
    sg_ring ring;
    sg_resends resends;

    if ((slots == NULL && size > 0) || out == NULL) {
        fail("no memory");
    }
    sg_ring_init(&ring, slots, size);
    sg_resends_forget(&resends);
    while (in->left > 0) {
        uint8_t what = (uint8_t)(take_number(in, 1) % 8);

        if (what <= 2) {
            size_t length = (size_t)take_number(in, 1);
            uint8_t *bytes = take_copy(in, &length);

            sg_ring_add(&ring, bytes, (uint16_t)length);
            free(bytes);
        } else if (what <= 4) {
            uint16_t first = (uint16_t)take_number(in, 2);
            uint16_t count = (uint16_t)take_number(in, 2);
            uint16_t largest = (uint16_t)take_number(in, 2);

            if (in->over) {
                break;
            }
            count = sg_ring_available(&ring, &first, count, largest);
            put_number(first, 2);
            put_number(count, 2);
            put_number(sg_resends_busy(&resends), 1);
            sg_resends_add(&resends, first, count);
        } else if (what <= 6) {
            put_message(out, sg_resends_next(&resends, &ring, out));
        } else {
            sg_resends_forget(&resends);
        }
    }
    free(out);
    free(slots);
}

/* Log, index and MTU, and then a packet to hand over in parts. */
static void parting(input *in)
{
    sg_parts parts = {0};
    uint16_t mtu;
    size_t length;
    uint8_t *bytes;
    uint8_t *out = malloc(SG_PACKET_MAX);
    uint16_t sent;

    parts.number = (uint16_t)take_number(in, 2);
    parts.index = (uint32_t)take_number(in, 4);
    mtu = (uint16_t)take_number(in, 2);
    length = in->left;
    bytes = take_copy(in, &length);
    if (out == NULL) {
        fail("no memory");
    }
    parts.bytes = bytes;
    parts.length = (uint16_t)length;
    while ((sent = sg_parts_next(&parts, mtu, out)) > 0) {
        put_message(out, sent);
    }
    free(out);
    free(bytes);
}

static void emit(void *context, const uint8_t *bytes, uint16_t length)
{
    (void)context;
    put_message(bytes, length);
}

/* With or without a gyroscope, the first number, and then samples, other MTUs and ends. */
static void encoding(input *in)
{
    bool accelerometer_only = (take_number(in, 1) & 1u) != 0;
    uint16_t first_seq = (uint16_t)take_number(in, 2);
    sg_encoder *encoder = malloc(sizeof *encoder);

    if (encoder == NULL) {
        fail("no memory");
    }
    sg_encoder_init(encoder, accelerometer_only, first_seq, emit, NULL);
    while (in->left > 0) {
        uint8_t what = (uint8_t)(take_number(in, 1) % 8);

        if (what == 0) {
            encoder->mtu = (uint16_t)take_number(in, 2);
        } else if (what == 1) {
            sg_encoder_flush(encoder);
        } else {
            size_t columns = accelerometer_only ? 3 : 6;
            int16_t *sample = malloc(columns * sizeof *sample);
            uint32_t device_us = (uint32_t)take_number(in, 4);

            if (sample == NULL) {
                fail("no memory");
            }
            for (size_t i = 0; i < columns; i++) {
                /* In two's complement, as the codec reads it. */
                int32_t value = (int32_t)take_number(in, 2);

                sample[i] = (int16_t)(value > INT16_MAX ? value - 65536 : value);
            }
            sg_encoder_push(encoder, sample, device_us, what == 2);
            free(sample);
        }
    }
    sg_encoder_flush(encoder);
    free(encoder);
}

static bool read_all(uint8_t *bytes, size_t length)
{
    return fread(bytes, 1, length, stdin) == length;
}

static uint32_t read_length(bool *more)
{
    uint8_t bytes[4];

    *more = read_all(bytes, sizeof bytes);
    return *more ? (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                       (uint32_t)bytes[3] << 24
                 : 0;
}

static void try_one(const uint8_t *bytes, uint32_t length)
{
    static void (*const ways[])(input *) = {control, packet, resending, parting, encoding};
    input in = {bytes, length, false};
    uint8_t kind = (uint8_t)take_number(&in, 1);

    if (kind >= sizeof ways / sizeof ways[0]) {
        fail("no such kind of input");
    }
    ways[kind](&in);
}

int main(void)
{
    static uint8_t bytes[1u << 16];
    uint8_t length_bytes[4];
    bool more = true;

    result = malloc(MOST_BYTES);
    if (result == NULL) {
        fail("no memory");
    }
    for (;;) {
        uint32_t length = read_length(&more);

        if (!more) {
            break;
        }
        if (length > sizeof bytes || !read_all(bytes, length)) {
            fail("an input that is cut off");
        }
        result_length = 0;
        try_one(bytes, length);
        for (unsigned int i = 0; i < 4; i++) {
            length_bytes[i] = (uint8_t)(result_length >> (8u * i) & 0xFFu);
        }
        fwrite(length_bytes, 1, sizeof length_bytes, stdout);
        fwrite(result, 1, result_length, stdout);
    }
    free(result);
    return 0;
}
