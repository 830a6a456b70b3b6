/* A shoe that speaks docs/protocol.md: sensor, store, log, radio, and the thread that joins them. */
#include "alive.h"
#include "battery.h"
#include "flash_log.h"
#include "imu.h"
#include "lights.h"
#include "pace.h"
#include "pairing.h"
#include "radio.h"
#include "shoe.h"
#include "store.h"

#include <zephyr/drivers/hwinfo.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/printk.h>

#define FIRMWARE "2.0.0"

/* "SG-" and eight digits, of the number that each chip has. */
static void make_serial(char *serial, size_t size)
{
	uint8_t id[8] = {0};

	(void)hwinfo_get_device_id(id, sizeof id);
	snprintk(serial, size, "SG-%08X", sys_get_be32(id) ^ sys_get_be32(&id[4]));
}

/* A shoe without its sensor or its radio is none: the red light says so, until it starts anew. */
static int fail(int error)
{
	lights_failed();
	return error;
}

int main(void)
{
	static char serial[17];
	static char name[24];
	int error;

	lights_init();
	(void)alive_init();
	pairing_init();
	make_serial(serial, sizeof serial);
	snprintk(name, sizeof name, "shoegait %c %s", IS_ENABLED(CONFIG_SHOE_RIGHT) ? 'R' : 'L',
		 &serial[7]);
	store_init();
	pace_init();
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
