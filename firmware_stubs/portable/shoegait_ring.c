#include "shoegait_ring.h"

void sg_ring_init(sg_ring *ring, sg_slot *slots, uint16_t size)
{
    ring->slots = slots;
    ring->size = size;
    sg_ring_forget(ring);
}

void sg_ring_forget(sg_ring *ring)
{
    ring->count = 0;
    ring->oldest = 0;
    ring->oldest_seq = 0;
}

static uint16_t slot_at(const sg_ring *ring, uint16_t place)
{
    uint32_t slot = (uint32_t)ring->oldest + place;

    return (uint16_t)(slot < ring->size ? slot : slot - ring->size);
}

void sg_ring_add(sg_ring *ring, const uint8_t *bytes, uint16_t length)
{
    uint16_t seq;
    sg_slot *slot;

    if (ring->size == 0 || !sg_packet_whole(bytes, length)) {
        return;
    }
    seq = sg_packet_seq(bytes);
    if (ring->count == 0 || (uint16_t)(ring->oldest_seq + ring->count) != seq) {
        sg_ring_forget(ring);
        ring->oldest_seq = seq;
    }
    if (ring->count == ring->size) {
        ring->oldest = slot_at(ring, 1);
        ring->oldest_seq++;
        ring->count--;
    }
    slot = &ring->slots[slot_at(ring, ring->count)];
    ring->count++;
    slot->length = (uint8_t)length;
    sg_copy(slot->bytes, bytes, length);
}

const sg_slot *sg_ring_get(const sg_ring *ring, uint16_t seq)
{
    uint16_t place = (uint16_t)(seq - ring->oldest_seq);

    return place < ring->count ? &ring->slots[slot_at(ring, place)] : NULL;
}

uint16_t sg_ring_available(const sg_ring *ring, uint16_t *first, uint16_t count, uint16_t largest)
{
    uint16_t found = 0;
    uint16_t begins = *first;
    uint16_t newest = (uint16_t)(ring->oldest_seq + ring->count - 1);

    while (count > 0 && ring->count > 0) {
        uint16_t seq = (uint16_t)(*first + --count);
        const sg_slot *slot = sg_ring_get(ring, seq);

        if (slot != NULL && slot->length <= largest) {
            found++;
            begins = seq;
        } else if (found > 0) {
            break;
        } else if (slot == NULL) {
            /* Down to the newest, nothing: a host that asks for 65,535 packets costs no time. */
            uint16_t above = (uint16_t)(seq - newest);

            count = count >= above ? (uint16_t)(count - above + 1) : 0;
        }
    }
    *first = begins;
    return found;
}

void sg_resends_forget(sg_resends *resends)
{
    resends->waiting = 0;
}

bool sg_resends_busy(const sg_resends *resends)
{
    return resends->waiting == SG_MOST_RESENDS;
}

void sg_resends_add(sg_resends *resends, uint16_t first, uint16_t count)
{
    if (count == 0 || sg_resends_busy(resends)) {
        return;
    }
    resends->first[resends->waiting] = first;
    resends->count[resends->waiting] = count;
    resends->waiting++;
}

static void drop_first(sg_resends *resends)
{
    resends->waiting--;
    for (uint8_t i = 0; i < resends->waiting; i++) {
        resends->first[i] = resends->first[i + 1];
        resends->count[i] = resends->count[i + 1];
    }
}

uint8_t sg_resends_next(sg_resends *resends, const sg_ring *ring, uint8_t bytes[SG_PACKET_MAX])
{
    while (resends->waiting > 0) {
        const sg_slot *slot = sg_ring_get(ring, resends->first[0]);

        resends->first[0]++;
        if (--resends->count[0] == 0) {
            drop_first(resends);
        }
        if (slot != NULL) {
            sg_copy(bytes, slot->bytes, slot->length);
            bytes[0] |= SG_RESENT;
            return slot->length;
        }
    }
    return 0;
}
