/*
 * Registers: ST, LSM6DS3TR-C data sheet (DocID030071) chapter 9; how the FIFO is read and taps are
 * found: ST, application note AN5130. In the FIFO a sample is gyroscope x, y, z and then accelerometer
 * x, y, z, as six words.
 */
#include "imu.h"

#include "alive.h"
#include "pace.h"
#include "sample_clock.h"
#include "shoe.h"
#include "store.h"
#include "taps.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/i2c.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/byteorder.h>

#define FIFO_CTRL1 0x06
#define FIFO_CTRL2 0x07
#define FIFO_CTRL3 0x08
#define FIFO_CTRL5 0x0A
#define INT1_CTRL 0x0D
#define WHO_AM_I 0x0F
#define CTRL1_XL 0x10
#define CTRL2_G 0x11
#define CTRL3_C 0x12
#define CTRL6_C 0x15
#define TAP_SRC 0x1C
#define FIFO_STATUS1 0x3A
#define FIFO_DATA_OUT_L 0x3E
#define TAP_CFG 0x58
#define TAP_THS_6D 0x59
#define INT_DUR2 0x5A
#define WAKE_UP_THS 0x5B
#define WAKE_UP_DUR 0x5C
#define MD1_CFG 0x5E

#define THIS_SENSOR 0x6A
#define WORDS 6u                 /* of one sample */
#define SAMPLE_BYTES (2u * WORDS)
#define WATERMARK 19u            /* samples: one packet at MTU 247, an interrupt every 45.7 ms */
#define AT_ONCE 19u              /* samples of one transfer: 228 bytes, 5 ms at 400 kHz */
#define NOMINAL_US 2404u         /* 416 Hz */
#define STILL_RAW 205            /* 0.1 g between the ends of an axis within a watermark */
/* The gyroscope needs 70 ms from power-down (AN5130), and its filter some samples more. */
#define SETTLING_US 80000u
#define ONE_TAP 0x20             /* in TAP_SRC */
#define WAKE_UP 0x20             /* in MD1_CFG: a motion, or a single tap, on the pin */
#define SINGLE_TAP 0x40
#define RESTED_S 10u             /* a motion after so long a rest may be the first of some taps */
#define ATTENTIVE_MS 10000

static const struct i2c_dt_spec bus = I2C_DT_SPEC_GET(DT_NODELABEL(lsm6ds3tr_c));
static const struct gpio_dt_spec irq = GPIO_DT_SPEC_GET(DT_NODELABEL(lsm6ds3tr_c), irq_gpios);

static struct gpio_callback irq_callback;
static K_SEM_DEFINE(woken, 0, 1);
static uint64_t irq_us;          /* of the last interrupt; read with interrupts locked */
static atomic_t interrupted;
static atomic_t wanted;
static atomic_t still_since_s;

/* Taps need 416 Hz and 0.16 mA, so it looks for them only for some seconds after a rest ends. */
static enum { WATCHING, ATTENTIVE, SAMPLING } doing;
static int64_t attentive_until_ms;
static taps tapped;
static uint64_t settled_us;      /* samples before are not given out */
static bool sampled_before;
static bool lost;
static uint32_t left_over;       /* samples read beyond the last watermark */
static sample_clock timing;

static int set(uint8_t address, uint8_t value)
{
	return i2c_reg_write_byte_dt(&bus, address, value);
}

static int set_all(const uint8_t (*settings)[2], size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++) {
		error = set(settings[i][0], settings[i][1]);
	}
	return error;
}

static void on_irq(const struct device *port, struct gpio_callback *callback, uint32_t pins)
{
	ARG_UNUSED(port);
	ARG_UNUSED(callback);
	ARG_UNUSED(pins);
	irq_us = shoe_us();
	atomic_set(&interrupted, 1);
	k_sem_give(&woken);
}

static uint64_t last_irq_us(void)
{
	unsigned int key = irq_lock();
	uint64_t us = irq_us;

	irq_unlock(key);
	return us;
}

/* Values of all registers that matter, so that nothing depends on what was before. */
static int begin_sampling(void)
{
	static const uint8_t settings[][2] = {
		{MD1_CFG, 0x00},                      /* motion no more on the pin */
		{TAP_CFG, 0x00},
		{FIFO_CTRL5, 0x00},                   /* bypass: empties the FIFO */
		{CTRL6_C, 0x00},                      /* accelerometer in high performance */
		{CTRL1_XL, 0x64},                     /* 416 Hz, 16 g */
		{CTRL2_G, 0x6C},                      /* 416 Hz, 2000 deg/s */
		{FIFO_CTRL1, (WATERMARK * WORDS) & 0xFF},
		{FIFO_CTRL2, (WATERMARK * WORDS) >> 8},
		{FIFO_CTRL3, 0x09},                   /* both, every sample */
		{INT1_CTRL, 0x08},                    /* watermark on the pin */
		{FIFO_CTRL5, 0x36},                   /* 416 Hz, continuous */
	};
	int error = set_all(settings, ARRAY_SIZE(settings));

	sample_clock_restart(&timing);
	left_over = 0;
	lost = sampled_before;
	return error;
}

/*
 * Accelerometer alone. What it finds comes to the pin only once it has settled: the first samples at
 * another rate or range differ from the ones before as if it had moved.
 */
static int look_out(const uint8_t (*settings)[2], size_t count, int32_t settles_ms, uint8_t on_pin)
{
	int error = set(MD1_CFG, 0x00);

	error = error ? error : set_all(settings, count);
	k_msleep(settles_ms);
	return error ? error : set(MD1_CFG, on_pin);
}

/* Low power at 26 Hz; the pin rises when it moves by more than 0.25 g. */
static int begin_watching(void)
{
	static const uint8_t settings[][2] = {
		{INT1_CTRL, 0x00},
		{FIFO_CTRL5, 0x00},
		{CTRL2_G, 0x00},                      /* gyroscope off */
		{CTRL6_C, 0x10},                      /* accelerometer in low power */
		{CTRL1_XL, 0x20},                     /* 26 Hz, 2 g */
		{WAKE_UP_DUR, 0x00},
		{WAKE_UP_THS, 0x08},                  /* 8 / 64 of 2 g */
		{TAP_CFG, 0x80},                      /* interrupts on, not latched */
	};

	doing = WATCHING;
	return look_out(settings, ARRAY_SIZE(settings), 4 * 1000 / 26, WAKE_UP);
}

/*
 * At 416 Hz, which taps need; the sensor finds single ones, and three within two seconds are counted
 * here (taps.c), as it knows of one and two alone.
 */
static int begin_attending(void)
{
	static const uint8_t settings[][2] = {
		{CTRL6_C, 0x00},
		{CTRL1_XL, 0x60},                     /* 416 Hz, 2 g */
		{WAKE_UP_THS, 0x08},                  /* its highest bit 0: single taps only */
		{TAP_THS_6D, 0x09},                   /* 9 / 32 of 2 g */
		{INT_DUR2, 0x06},                     /* over within 38 ms, then quiet for 10 ms */
		{TAP_CFG, 0x8E},                      /* along any axis, not latched */
	};

	doing = ATTENTIVE;
	attentive_until_ms = k_uptime_get() + ATTENTIVE_MS;
	return look_out(settings, ARRAY_SIZE(settings), 20, SINGLE_TAP);
}

static void note_motion(void)
{
	atomic_set(&still_since_s, (atomic_val_t)(shoe_us() / USEC_PER_SEC));
}

static void watch_stillness(const int16_t low[3], const int16_t high[3])
{
	for (int axis = 0; axis < 3; axis++) {
		if (high[axis] - low[axis] > STILL_RAW) {
			note_motion();
		}
	}
}

static void take(const uint8_t *raw, uint32_t count, int32_t first_ahead)
{
	int16_t low[3] = {INT16_MAX, INT16_MAX, INT16_MAX};
	int16_t high[3] = {INT16_MIN, INT16_MIN, INT16_MIN};

	for (uint32_t i = 0; i < count; i++, raw += SAMPLE_BYTES) {
		uint64_t us = sample_clock_at(&timing, first_ahead + (int32_t)i);
		int16_t sample[WORDS];

		if (us < settled_us) {
			continue;
		}

		for (uint32_t axis = 0; axis < 3; axis++) {
			sample[axis] = (int16_t)sys_get_le16(&raw[6 + 2 * axis]);
			sample[3 + axis] = (int16_t)sys_get_le16(&raw[2 * axis]);
			low[axis] = MIN(low[axis], sample[axis]);
			high[axis] = MAX(high[axis], sample[axis]);
		}
		store_sample(sample, us, lost);
		pace_sample(sample, us, lost);
		lost = false;
		sampled_before = true;
	}
	watch_stillness(low, high);
}

/* All that is in the FIFO; `at_watermark` where the interrupt has just said how many at least. */
static int read_fifo(bool at_watermark)
{
	static uint8_t raw[AT_ONCE * SAMPLE_BYTES];
	uint8_t status[4];
	uint32_t words, count, done = 0;
	int32_t ahead;
	int error = i2c_burst_read_dt(&bus, FIFO_STATUS1, status, sizeof status);

	if (error) {
		return error;
	}
	words = status[0] | (status[1] & 0x07u) << 8;
	if ((status[1] & 0x40u) || status[2] != 0) {
		/* It overran, or begins in the middle of a sample: what is in it has no sure time. */
		return begin_sampling();
	}
	if (!timing.known && !at_watermark) {
		return 0;
	}
	count = words / WORDS;
	if (at_watermark && count >= WATERMARK) {
		sample_clock_tick(&timing, last_irq_us(), WATERMARK + left_over);
		ahead = 1 - (int32_t)WATERMARK;
		left_over = count - WATERMARK;
	} else {
		ahead = (int32_t)left_over + 1;
		left_over += count;
	}
	while (done < count && error == 0) {
		uint32_t now = MIN(count - done, AT_ONCE);

		error = i2c_burst_read_dt(&bus, FIFO_DATA_OUT_L, raw, now * SAMPLE_BYTES);
		if (error == 0) {
			take(raw, now, ahead + (int32_t)done);
			done += now;
		}
	}
	return error;
}

static void follow_wish(void)
{
	bool wish = atomic_get(&wanted);

	if (wish == (doing == SAMPLING)) {
		return;
	}
	if (wish) {
		doing = SAMPLING;
		note_motion();
		(void)begin_sampling();
		settled_us = shoe_us() + SETTLING_US;
	} else {
		store_flush();
		(void)begin_watching();
	}
}

/* An interrupt while it does not sample: a motion, or a tap. */
static void follow_motion(void)
{
	bool rested = imu_still_s() >= RESTED_S;
	uint8_t source = 0;

	note_motion();
	shoe_moved();
	if (doing == WATCHING && rested) {
		(void)begin_attending();
	} else if (doing == ATTENTIVE && i2c_reg_read_byte_dt(&bus, TAP_SRC, &source) == 0 &&
		   (source & ONE_TAP) && taps_add(&tapped, k_uptime_get())) {
		shoe_tapped();
	}
}

static k_timeout_t longest_wait(void)
{
	/* While sampling, look after it even if an edge was missed. */
	return doing == SAMPLING ? K_MSEC(200) : K_SECONDS(doing == ATTENTIVE ? 1 : ALIVE_S);
}

static void imu_thread(void *a, void *b, void *c)
{
	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	for (;;) {
		bool sampled = doing == SAMPLING;
		bool edge;

		(void)k_sem_take(&woken, longest_wait());
		edge = atomic_set(&interrupted, 0);
		alive_sign(ALIVE_SENSOR);
		follow_wish();
		if (sampled != (doing == SAMPLING)) {
			continue;
		}
		if (sampled) {
			if (read_fifo(edge) != 0) {
				(void)begin_sampling();
			}
		} else if (edge) {
			follow_motion();
		}
		if (doing == ATTENTIVE && k_uptime_get() >= attentive_until_ms) {
			/* Counts as a motion, so that the change itself is not the end of a rest. */
			note_motion();
			(void)begin_watching();
		}
	}
}

K_THREAD_STACK_DEFINE(imu_stack, 3072);
static struct k_thread imu_thread_data;

int imu_init(void)
{
	uint8_t who = 0;
	int error;

	sample_clock_init(&timing, NOMINAL_US);
	if (!i2c_is_ready_dt(&bus) || !gpio_is_ready_dt(&irq)) {
		return -ENODEV;
	}
	error = i2c_reg_read_byte_dt(&bus, WHO_AM_I, &who);
	if (error || who != THIS_SENSOR) {
		return error ? error : -ENODEV;
	}
	(void)set(CTRL3_C, 0x01);                     /* reset */
	k_msleep(5);
	(void)set(CTRL3_C, 0x44);                     /* whole words only, addresses count up */
	error = begin_watching();
	gpio_init_callback(&irq_callback, on_irq, BIT(irq.pin));
	if (error || gpio_pin_configure_dt(&irq, GPIO_INPUT) ||
	    gpio_add_callback(irq.port, &irq_callback) ||
	    gpio_pin_interrupt_configure_dt(&irq, GPIO_INT_EDGE_TO_ACTIVE)) {
		return -EIO;
	}
	alive_join(ALIVE_SENSOR);
	k_thread_create(&imu_thread_data, imu_stack, K_THREAD_STACK_SIZEOF(imu_stack), imu_thread,
			NULL, NULL, NULL, K_PRIO_COOP(4), 0, K_NO_WAIT);
	return 0;
}

void imu_sample(bool on)
{
	if (atomic_set(&wanted, on) != on) {
		k_sem_give(&woken);
	}
}

uint32_t imu_still_s(void)
{
	return (uint32_t)(shoe_us() / USEC_PER_SEC) - (uint32_t)atomic_get(&still_since_s);
}
