#include "shoegait_log.h"

#define PART_VERSION 15u
#define LAST_PART 1u

/* Of each half byte, for the reflected polynomial EDB88320. */
static const uint32_t half_bytes[16] = {
    0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
    0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
    0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
};

uint32_t sg_crc32(uint32_t before, const uint8_t *bytes, size_t length)
{
    uint32_t crc = ~before;

    while (length-- > 0) {
        crc ^= *bytes++;
        crc = crc >> 4 ^ half_bytes[crc & 15u];
        crc = crc >> 4 ^ half_bytes[crc & 15u];
    }
    return ~crc;
}

void sg_log_note(sg_log *log, const uint8_t *bytes, uint16_t length)
{
    if (length >= SG_HEADER_BYTES) {
        log->last_us = sg_packet_time_us(bytes);
    }
    if (log->packets == 0) {
        log->first_us = log->last_us;
    }
    log->packets++;
    log->crc = sg_crc32(log->crc, bytes, length);
}

bool sg_log_matches(const sg_log *log, uint32_t packets, uint32_t crc)
{
    return log->packets == packets && log->crc == crc;
}

uint16_t sg_parts_next(sg_parts *parts, uint16_t mtu, uint8_t part[SG_PACKET_MAX])
{
    uint16_t left = (uint16_t)(parts->length - parts->offset);
    uint16_t room = (uint16_t)(sg_clamp_mtu(mtu) - SG_ATT_BYTES - SG_PART_HEADER_BYTES);
    bool last = left <= room;
    uint16_t carried = last ? left : room;

    if (left == 0) {
        return 0;
    }
    part[0] = (uint8_t)(PART_VERSION << 4 | (last ? LAST_PART : 0u));
    part[1] = (uint8_t)(parts->number & 0xFFu);
    sg_put32(sg_put16(&part[2], parts->offset), parts->index);
    sg_copy(&part[SG_PART_HEADER_BYTES], &parts->bytes[parts->offset], carried);
    parts->offset = (uint16_t)(parts->offset + carried);
    return (uint16_t)(SG_PART_HEADER_BYTES + carried);
}
