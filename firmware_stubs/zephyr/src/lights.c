#include "lights.h"

#include "pairing.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

#define BLINK_MS 20              /* every 2 s: a hundredth of a light that stays on */
#define DARK_MS 1980

static const struct gpio_dt_spec red = GPIO_DT_SPEC_GET(DT_ALIAS(led0), gpios);
static const struct gpio_dt_spec green = GPIO_DT_SPEC_GET(DT_ALIAS(led1), gpios);

static atomic_t steady;          /* green for IDENTIFY: no blinking meanwhile */
static atomic_t blinks;
static bool lit;                 /* of the work below alone */

static void red_out(struct k_work *work)
{
	ARG_UNUSED(work);
	(void)gpio_pin_set_dt(&red, 0);
}

static void green_out(struct k_work *work)
{
	ARG_UNUSED(work);
	atomic_set(&steady, 0);
	(void)gpio_pin_set_dt(&green, 0);
}

static void blink(struct k_work *work);

static K_WORK_DELAYABLE_DEFINE(red_work, red_out);
static K_WORK_DELAYABLE_DEFINE(green_work, green_out);
static K_WORK_DELAYABLE_DEFINE(blink_work, blink);

static void blink(struct k_work *work)
{
	bool open = pairing_is_open();

	ARG_UNUSED(work);
	lit = open && !lit;
	if (!atomic_get(&steady)) {
		(void)gpio_pin_set_dt(&green, lit);
	}
	if (open) {
		(void)k_work_reschedule(&blink_work, K_MSEC(lit ? BLINK_MS : DARK_MS));
	} else {
		atomic_set(&blinks, 0);
	}
}

void lights_init(void)
{
	(void)gpio_pin_configure_dt(&red, GPIO_OUTPUT_INACTIVE);
	(void)gpio_pin_configure_dt(&green, GPIO_OUTPUT_INACTIVE);
}

void lights_failed(void)
{
	(void)gpio_pin_set_dt(&red, 1);
}

void lights_red(uint32_t ms)
{
	(void)gpio_pin_set_dt(&red, 1);
	(void)k_work_reschedule(&red_work, K_MSEC(ms));
}

void lights_green(uint32_t ms)
{
	atomic_set(&steady, 1);
	(void)gpio_pin_set_dt(&green, 1);
	(void)k_work_reschedule(&green_work, K_MSEC(ms));
}

void lights_follow_pairing(void)
{
	if (pairing_is_open() && atomic_set(&blinks, 1) == 0) {
		(void)k_work_reschedule(&blink_work, K_NO_WAIT);
	}
}
