/*
 * A log as it goes over the air, and its check. docs/protocol.md, "Log".
 *
 * Where the packets are kept is the affair of the firmware; sg_log has at most 40 bytes, and one
 * constant table of 64 bytes makes the CRC-32 about eight times as fast as bit by bit.
 */
#ifndef SHOEGAIT_LOG_H
#define SHOEGAIT_LOG_H

#include "shoegait_packet.h"

#define SG_PART_HEADER_BYTES 8u

enum sg_log_state {
    SG_LOG_NONE = 0,
    SG_LOG_LOGGING,
    SG_LOG_STOPPED,
    SG_LOG_FULL,
    SG_LOG_POWER_LOST
};

/* What LOG_STATUS and LOG_CLEAR speak of. */
typedef struct {
    uint16_t number;
    uint8_t state;
    uint32_t packets;
    uint32_t first_us;
    uint32_t last_us;
    uint32_t crc;             /* over the bytes of all packets */
} sg_log;

/* Take note of a packet that was written, in its order; of one without a header as well. */
void sg_log_note(sg_log *log, const uint8_t *bytes, uint16_t length);

/* Whether LOG_CLEAR names what is kept. */
bool sg_log_matches(const sg_log *log, uint32_t packets, uint32_t crc);

/* The CRC-32 of what gave `before` (0 for nothing), and then of these bytes. */
uint32_t sg_crc32(uint32_t before, const uint8_t *bytes, size_t length);

/* The packet that is being handed over. */
typedef struct {
    uint16_t number;          /* of its log */
    uint32_t index;
    const uint8_t *bytes;
    uint16_t length;
    uint16_t offset;          /* how much of it went out; begins with 0 */
} sg_parts;

/*
 * The next notification of a packet, for this MTU, in `part`: its length, or 0 after the last.
 * Where it could not be sent, put `offset` back to what it was.
 */
uint16_t sg_parts_next(sg_parts *parts, uint16_t mtu, uint8_t part[SG_PACKET_MAX]);

#endif
