#include "pace.h"

#include "imu.h"
#include "shoe.h"

#include <zephyr/kernel.h>

static sg_pace state;
static K_MUTEX_DEFINE(lock);

void pace_init(void)
{
	sg_pace_init(&state, IMU_RATE_CENTIHZ, IMU_ACC_RANGE_MG, IMU_GYR_RANGE_MDPS);
}

void pace_sample(const int16_t sample[6], uint64_t us, bool lost_before)
{
	k_mutex_lock(&lock, K_FOREVER);
	sg_pace_push(&state, sample, us, lost_before);
	k_mutex_unlock(&lock);
}

size_t pace_measurement(uint8_t bytes[SG_PACE_BYTES])
{
	size_t length;

	k_mutex_lock(&lock, K_FOREVER);
	length = sg_pace_measurement(&state, shoe_us(), bytes);
	k_mutex_unlock(&lock);
	return length;
}
