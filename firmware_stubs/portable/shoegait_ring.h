/*
 * The newest packets, and the requests to send them again. docs/protocol.md, "Resending".
 *
 * Memory: a slot has 245 bytes, whatever is in it, and the caller owns the slots; sg_ring itself
 * at most 24 bytes, sg_resends at most 20. At 416 Hz and MTU 247 a slot holds 45.6 ms:
 *
 *      128 slots    31,360 bytes     5.8 s
 *      512 slots   125,440 bytes    23.3 s
 *      672 slots   164,640 bytes    30.6 s
 *
 * At MTU 23 a slot holds one sample, so a shoe that should keep as much there has to make its
 * packets for a longer MTU, which every phone and computer of the last ten years agrees to.
 * Nothing here locks: call it from one thread.
 */
#ifndef SHOEGAIT_RING_H
#define SHOEGAIT_RING_H

#include "shoegait_packet.h"

#define SG_MOST_RESENDS 4u

typedef struct {
    uint8_t length;
    uint8_t bytes[SG_PACKET_MAX];
} sg_slot;

typedef struct {
    sg_slot *slots;
    uint16_t size;
    uint16_t count;           /* slots in use */
    uint16_t oldest;          /* the slot of the oldest packet */
    uint16_t oldest_seq;
} sg_ring;

/* `size` slots, 1 to 32768. */
void sg_ring_init(sg_ring *ring, sg_slot *slots, uint16_t size);

/* Forget all packets. */
void sg_ring_forget(sg_ring *ring);

/* Keep a copy of a packet; what is none is left out. One that does not follow the newest in sequence makes the ring forget the others. */
void sg_ring_add(sg_ring *ring, const uint8_t *bytes, uint16_t length);

/* The packet with this sequence number, or NULL. */
const sg_slot *sg_ring_get(const sg_ring *ring, uint16_t seq);

/*
 * Of `count` packets from `*first`, the newest in a row that are kept and not longer than
 * `largest`: their count, 0 where there are none, and in `*first` where they begin.
 */
uint16_t sg_ring_available(const sg_ring *ring, uint16_t *first, uint16_t count, uint16_t largest);

typedef struct {
    uint16_t first[SG_MOST_RESENDS];
    uint16_t count[SG_MOST_RESENDS];
    uint8_t waiting;
} sg_resends;

/* Forget all requests: at the start, on STOP, and when the link is lost. */
void sg_resends_forget(sg_resends *resends);

/* Whether there is no room for another; the answer to RESEND is then BUSY. */
bool sg_resends_busy(const sg_resends *resends);

/* Ask for packets that sg_ring_available has named; with a count of 0 for nothing. */
void sg_resends_add(sg_resends *resends, uint16_t first, uint16_t count);

/*
 * The next packet to send again, with its flag, in `bytes`: its length, or 0 where none is asked
 * for any more. Those that left the ring while they waited are left out.
 */
uint8_t sg_resends_next(sg_resends *resends, const sg_ring *ring, uint8_t bytes[SG_PACKET_MAX]);

#endif
