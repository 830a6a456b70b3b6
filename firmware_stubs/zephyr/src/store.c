#include "store.h"

#include "shoe.h"

#include <zephyr/kernel.h>

static sg_slot slots[CONFIG_SHOE_RING_PACKETS];
static sg_ring ring;
static sg_encoder encoder;
static K_MUTEX_DEFINE(lock);

static void keep(void *context, const uint8_t *bytes, uint16_t length)
{
	ARG_UNUSED(context);
	sg_ring_add(&ring, bytes, length);
	shoe_wake();
}

void store_init(void)
{
	sg_ring_init(&ring, slots, ARRAY_SIZE(slots));
	sg_encoder_init(&encoder, false, 0, keep, NULL);
	encoder.mtu = SG_LARGEST_MTU;
}

void store_set_mtu(uint16_t mtu)
{
	k_mutex_lock(&lock, K_FOREVER);
	sg_encoder_set_mtu(&encoder, mtu);
	k_mutex_unlock(&lock);
}

void store_sample(const int16_t sample[6], uint64_t us, bool lost_before)
{
	k_mutex_lock(&lock, K_FOREVER);
	sg_encoder_push(&encoder, sample, (uint32_t)us, lost_before);
	k_mutex_unlock(&lock);
}

void store_flush(void)
{
	k_mutex_lock(&lock, K_FOREVER);
	sg_encoder_flush(&encoder);
	k_mutex_unlock(&lock);
}

static uint16_t end_locked(void)
{
	return (uint16_t)(ring.oldest_seq + ring.count);
}

uint16_t store_end(void)
{
	uint16_t end;

	k_mutex_lock(&lock, K_FOREVER);
	end = end_locked();
	k_mutex_unlock(&lock);
	return end;
}

uint8_t store_next(uint16_t *seq, uint8_t bytes[SG_PACKET_MAX])
{
	const sg_slot *slot;
	uint8_t length = 0;

	k_mutex_lock(&lock, K_FOREVER);
	slot = sg_ring_get(&ring, *seq);
	if (slot == NULL && *seq != end_locked() && ring.count > 0) {
		*seq = ring.oldest_seq;
		slot = sg_ring_get(&ring, *seq);
	}
	if (slot != NULL) {
		length = slot->length;
		sg_copy(bytes, slot->bytes, length);
		(*seq)++;
	}
	k_mutex_unlock(&lock);
	return length;
}

uint16_t store_available(uint16_t *first, uint16_t count, uint16_t largest)
{
	uint16_t found;

	k_mutex_lock(&lock, K_FOREVER);
	found = sg_ring_available(&ring, first, count, largest);
	k_mutex_unlock(&lock);
	return found;
}

uint8_t store_again(sg_resends *resends, uint8_t bytes[SG_PACKET_MAX])
{
	uint8_t length;

	k_mutex_lock(&lock, K_FOREVER);
	length = sg_resends_next(resends, &ring, bytes);
	k_mutex_unlock(&lock);
	return length;
}
