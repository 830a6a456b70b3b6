#include "battery.h"

#include <zephyr/drivers/adc.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

/* 1 MOhm above, 510 kOhm below the tap. */
#define FULL_KOHM 1510
#define LOWER_KOHM 510

static const struct adc_dt_spec channel = ADC_DT_SPEC_GET(DT_PATH(zephyr_user));
static const struct gpio_dt_spec lower_end = GPIO_DT_SPEC_GET(DT_PATH(zephyr_user), battery_gpios);

int battery_init(void)
{
	int error;

	if (!adc_is_ready_dt(&channel) || !gpio_is_ready_dt(&lower_end)) {
		return -ENODEV;
	}
	error = gpio_pin_configure_dt(&lower_end, GPIO_OUTPUT_ACTIVE);
	return error ? error : adc_channel_setup_dt(&channel);
}

uint8_t battery_percent_at(int32_t millivolts)
{
	/* A small lithium-polymer cell under some milliamperes, from full to empty. */
	static const int16_t curve[][2] = {{4150, 100}, {3950, 80}, {3800, 55}, {3700, 30},
					   {3600, 12},  {3450, 4},  {3300, 1}};

	if (millivolts >= curve[0][0]) {
		return 100;
	}
	for (size_t i = 1; i < ARRAY_SIZE(curve); i++) {
		if (millivolts >= curve[i][0]) {
			int32_t above = millivolts - curve[i][0];
			int32_t span = curve[i - 1][0] - curve[i][0];

			return (uint8_t)(curve[i][1] +
					 above * (curve[i - 1][1] - curve[i][1]) / span);
		}
	}
	return 1;
}

int battery_percent(void)
{
	int16_t raw = 0;
	struct adc_sequence sequence = {.buffer = &raw, .buffer_size = sizeof raw};
	int32_t millivolts;
	int error = adc_sequence_init_dt(&channel, &sequence);

	error = error ? error : adc_read_dt(&channel, &sequence);
	millivolts = raw;
	error = error ? error : adc_raw_to_millivolts_dt(&channel, &millivolts);
	return error ? error : battery_percent_at(millivolts * FULL_KOHM / LOWER_KOHM);
}
