#include "shoegait_packet.h"

static uint8_t columns(bool accelerometer_only)
{
    return accelerometer_only ? 3u : 6u;
}

uint8_t *sg_put16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value & 0xFFu);
    to[1] = (uint8_t)(value >> 8);
    return to + 2;
}

uint8_t *sg_put32(uint8_t *to, uint32_t value)
{
    return sg_put16(sg_put16(to, (uint16_t)(value & 0xFFFFu)), (uint16_t)(value >> 16));
}

void sg_copy(uint8_t *to, const uint8_t *from, uint16_t length)
{
    while (length-- > 0) {
        *to++ = *from++;
    }
}

uint16_t sg_clamp_mtu(uint16_t mtu)
{
    if (mtu > SG_LARGEST_MTU) {
        return SG_LARGEST_MTU;
    }
    return mtu < SG_SMALLEST_MTU ? SG_SMALLEST_MTU : mtu;
}

uint8_t sg_samples_per_packet(uint16_t mtu, bool accelerometer_only)
{
    unsigned int room = sg_clamp_mtu(mtu) - SG_ATT_BYTES - SG_HEADER_BYTES;

    return (uint8_t)(room / (2u * columns(accelerometer_only)));
}

int16_t sg_saturate(int32_t value)
{
    if (value > INT16_MAX) {
        return INT16_MAX;
    }
    return value < INT16_MIN ? (int16_t)INT16_MIN : (int16_t)value;
}

void sg_encoder_init(sg_encoder *encoder, bool accelerometer_only, uint16_t first_seq,
                     sg_emit emit, void *context)
{
    encoder->emit = emit;
    encoder->context = context;
    encoder->mtu = SG_SMALLEST_MTU;
    encoder->next_seq = first_seq;
    encoder->length = 0;
    encoder->room = 0;
    encoder->accelerometer_only = accelerometer_only;
}

static void begin(sg_encoder *encoder, uint32_t device_us, bool lost_before)
{
    unsigned int flags = (encoder->accelerometer_only ? (unsigned int)SG_ACCELEROMETER_ONLY : 0u) |
                         (lost_before ? (unsigned int)SG_LOST_BEFORE : 0u);

    encoder->bytes[0] = (uint8_t)(SG_STREAM_VERSION << 4 | flags);
    encoder->bytes[1] = 0;
    sg_put32(sg_put16(&encoder->bytes[2], encoder->next_seq), device_us);
    encoder->next_seq++;
    encoder->length = SG_HEADER_BYTES;
    encoder->room = sg_samples_per_packet(encoder->mtu, encoder->accelerometer_only);
}

static void append(sg_encoder *encoder, const int16_t *sample)
{
    uint8_t *to = &encoder->bytes[encoder->length];
    uint8_t n = columns(encoder->accelerometer_only);

    for (uint8_t i = 0; i < n; i++) {
        if (sample[i] == INT16_MAX || sample[i] == INT16_MIN) {
            encoder->bytes[0] |= SG_CLIPPED;
        }
        to = sg_put16(to, (uint16_t)sample[i]);
    }
    encoder->length = (uint16_t)(encoder->length + 2u * n);
    encoder->bytes[1]++;
    encoder->room--;
}

void sg_encoder_push(sg_encoder *encoder, const int16_t *sample, uint32_t device_us,
                     bool lost_before)
{
    if (lost_before) {
        /* The time of all samples of a packet follows from its first, so it spans no loss. */
        sg_encoder_flush(encoder);
    }
    if (encoder->length == 0) {
        begin(encoder, device_us, lost_before);
    }
    append(encoder, sample);
    if (encoder->room == 0) {
        sg_encoder_flush(encoder);
    }
}

void sg_encoder_flush(sg_encoder *encoder)
{
    uint16_t length = encoder->length;

    encoder->length = 0;
    if (length > 0) {
        encoder->emit(encoder->context, encoder->bytes, length);
    }
}

void sg_encoder_set_mtu(sg_encoder *encoder, uint16_t mtu)
{
    uint8_t most = sg_samples_per_packet(mtu, encoder->accelerometer_only);

    encoder->mtu = mtu;
    if (encoder->length == 0) {
        return;
    }
    if (most <= encoder->bytes[1]) {
        sg_encoder_flush(encoder);
    } else if (encoder->room > most - encoder->bytes[1]) {
        encoder->room = (uint8_t)(most - encoder->bytes[1]);
    }
}

bool sg_packet_whole(const uint8_t *bytes, size_t length)
{
    if (length <= SG_HEADER_BYTES || length > SG_PACKET_MAX ||
        bytes[0] >> 4 != SG_STREAM_VERSION) {
        return false;
    }
    return length == SG_HEADER_BYTES + 2u * columns(bytes[0] & SG_ACCELEROMETER_ONLY) * bytes[1];
}

uint16_t sg_packet_seq(const uint8_t *bytes)
{
    return (uint16_t)(bytes[2] | bytes[3] << 8);
}

uint32_t sg_packet_time_us(const uint8_t *bytes)
{
    return (uint32_t)bytes[4] | (uint32_t)bytes[5] << 8 | (uint32_t)bytes[6] << 16 |
           (uint32_t)bytes[7] << 24;
}
