/*
 * The stream of a shoegait sensor: samples in, packets out. Bytes: docs/protocol.md, "Stream".
 *
 * C99, for any processor: no allocation, no floating point (but in shoegait_pace), no library, and
 * here and in the other files of this folder no memory but what the caller owns: sg_encoder has 260
 * bytes on a Cortex-M, at most 272 elsewhere.
 */
#ifndef SHOEGAIT_PACKET_H
#define SHOEGAIT_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_ATT_BYTES 3u       /* opcode and handle, in front of every notification */
#define SG_HEADER_BYTES 8u    /* of a packet */
#define SG_SMALLEST_MTU 23u   /* Bluetooth guarantees it */
#define SG_LARGEST_MTU 247u   /* with data length extension, one radio packet */
#define SG_PACKET_MAX (SG_LARGEST_MTU - SG_ATT_BYTES)
#define SG_STREAM_VERSION 1u

enum sg_flag {
    SG_CLIPPED = 1,           /* a sample in it is at full scale; the encoder sets it */
    SG_RESENT = 2,
    SG_LOST_BEFORE = 4,       /* samples were lost in the shoe before this packet */
    SG_ACCELEROMETER_ONLY = 8 /* samples are acc x, y, z alone */
};

/* A packet that is complete, with its bytes, which are good until the next call. */
typedef void (*sg_emit)(void *context, const uint8_t *bytes, uint16_t length);

typedef struct {
    sg_emit emit;
    void *context;
    uint16_t mtu;             /* set for the next packet; on a link, use sg_encoder_set_mtu */
    uint16_t next_seq;
    uint16_t length;          /* of the packet that is being made, 0 where none is */
    uint8_t room;             /* samples that still fit into it */
    bool accelerometer_only;
    uint8_t bytes[SG_PACKET_MAX];
} sg_encoder;

/* An MTU below 23 counts as 23, one above 247 as 247, here and wherever one is asked for. */
uint16_t sg_clamp_mtu(uint16_t mtu);

/* Samples in a packet at this MTU. */
uint8_t sg_samples_per_packet(uint16_t mtu, bool accelerometer_only);

/* A value that may be beyond int16 after a correction: saturated, as it must never wrap. */
int16_t sg_saturate(int32_t value);

void sg_encoder_init(sg_encoder *encoder, bool accelerometer_only, uint16_t first_seq,
                     sg_emit emit, void *context);

/*
 * One sample: acc x, y, z and gyr x, y, z (acc alone is read without a gyroscope), the device time
 * at which it was ready, and whether samples were lost between the last one and this. Emits the
 * packet that ends before a loss, and the one that this sample fills.
 */
void sg_encoder_push(sg_encoder *encoder, const int16_t *sample, uint32_t device_us,
                     bool lost_before);

/* Emit the packet that is being made, if any: when sampling stops. */
void sg_encoder_flush(sg_encoder *encoder);

/*
 * From now on make packets for this MTU. The packet that is being made ends where it would grow too
 * long for it; what is too long already is emitted as it is, and whoever sends passes over it.
 */
void sg_encoder_set_mtu(sg_encoder *encoder, uint16_t mtu);

/*
 * Whether these bytes are one packet of the stream, of the length that its header says, and not
 * longer than SG_PACKET_MAX. Reads nothing beyond `length`.
 */
bool sg_packet_whole(const uint8_t *bytes, size_t length);

/* Of a packet that is there, with its header. */
uint16_t sg_packet_seq(const uint8_t *bytes);
uint32_t sg_packet_time_us(const uint8_t *bytes);

/* Little endian, for the other files of this folder; the answer is where the next value goes. */
uint8_t *sg_put16(uint8_t *to, uint16_t value);
uint8_t *sg_put32(uint8_t *to, uint32_t value);
void sg_copy(uint8_t *to, const uint8_t *from, uint16_t length);

#endif
