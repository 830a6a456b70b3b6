#include "pairing.h"

#include <hal/nrf_power.h>
#include <zephyr/drivers/hwinfo.h>
#include <zephyr/kernel.h>

#define WINDOW_S 120

static atomic_t open_until_s;

static atomic_val_t now_s(void)
{
	return (atomic_val_t)(k_uptime_get() / MSEC_PER_SEC);
}

void pairing_init(void)
{
	const uint32_t of_itself = RESET_SOFTWARE | RESET_WATCHDOG | RESET_CPU_LOCKUP;
	uint32_t cause = 0;

	/* Else whoever makes the shoe fail could pair with it. Without a cause, power came on. */
	(void)hwinfo_get_reset_cause(&cause);
	(void)hwinfo_clear_reset_cause();
	if (!(cause & of_itself) || (cause & RESET_PIN)) {
		pairing_open();
	}
}

void pairing_open(void)
{
	atomic_set(&open_until_s, now_s() + WINDOW_S);
}

bool pairing_usb_power(void)
{
	return nrf_power_usbregstatus_vbusdet_get(NRF_POWER);
}

bool pairing_is_open(void)
{
	return now_s() < atomic_get(&open_until_s) || pairing_usb_power();
}
