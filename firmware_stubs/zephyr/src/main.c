/* A shoe that speaks docs/protocol.md: sensor, store, log, radio, and the thread that joins them. */
#include "battery.h"
#include "flash_log.h"
#include "imu.h"
#include "radio.h"
#include "shoe.h"
#include "store.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/hwinfo.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/printk.h>

#define FIRMWARE "1.0.0"

static const struct gpio_dt_spec red = GPIO_DT_SPEC_GET(DT_ALIAS(led0), gpios);

/* "SG-" and eight digits, of the number that each chip has. */
static void make_serial(char *serial, size_t size)
{
	uint8_t id[8] = {0};

	(void)hwinfo_get_device_id(id, sizeof id);
	snprintk(serial, size, "SG-%08X", sys_get_be32(id) ^ sys_get_be32(&id[4]));
}

/* A shoe without its sensor or its radio is none: the red light says so. */
static int fail(int error)
{
	(void)gpio_pin_configure_dt(&red, GPIO_OUTPUT_ACTIVE);
	return error;
}

int main(void)
{
	static char serial[17];
	static char name[24];
	int error;

	make_serial(serial, sizeof serial);
	snprintk(name, sizeof name, "shoegait %c %s", IS_ENABLED(CONFIG_SHOE_RIGHT) ? 'R' : 'L',
		 &serial[7]);
	store_init();
	(void)battery_init();
	error = imu_init();
	if (error) {
		return fail(error);
	}
	error = radio_init(name, serial, FIRMWARE);
	if (error) {
		return fail(error);
	}
	/* After the radio, which loads the settings: the number of the last log is among them. */
	shoe_init(serial, FIRMWARE, log_init() == 0);
	radio_advertise(true);
	shoe_run();
	return 0;
}
