#include "alive.h"

#include <zephyr/device.h>
#include <zephyr/dfu/mcuboot.h>
#include <zephyr/drivers/watchdog.h>
#include <zephyr/fatal.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/reboot.h>

#define FED_WITHIN_MS (3 * ALIVE_S * MSEC_PER_SEC)

static const struct device *const watchdog = DEVICE_DT_GET(DT_ALIAS(watchdog0));
static int channel = -ENODEV;
static atomic_t joined, signs;

int alive_init(void)
{
	const struct wdt_timeout_cfg timeout = {
		.window = {.min = 0, .max = FED_WITHIN_MS},
		.callback = NULL,
		.flags = WDT_FLAG_RESET_SOC,
	};

	if (!device_is_ready(watchdog)) {
		return -ENODEV;
	}
	channel = wdt_install_timeout(watchdog, &timeout);
	return channel < 0 ? channel : wdt_setup(watchdog, WDT_OPT_PAUSE_HALTED_BY_DBG);
}

void alive_join(alive_thread who)
{
	atomic_or(&joined, BIT(who));
}

void alive_sign(alive_thread who)
{
	atomic_or(&signs, BIT(who));
}

void alive_feed(void)
{
	static bool confirmed;

	if ((atomic_get(&joined) & ~atomic_get(&signs)) != 0) {
		return;
	}
	atomic_clear(&signs);
	if (channel >= 0) {
		(void)wdt_feed(watchdog, channel);
	}
	/* A new image that came so far is kept; without this MCUboot goes back to the one before. */
	if (IS_ENABLED(CONFIG_MCUBOOT_IMG_MANAGER) && !confirmed) {
		confirmed = boot_write_img_confirmed() == 0;
	}
}

/* Faults, assertions and k_panic come here. Zephyr's own handler stands still for ever. */
void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *esf)
{
	ARG_UNUSED(reason);
	ARG_UNUSED(esf);
	sys_reboot(SYS_REBOOT_COLD);
}
