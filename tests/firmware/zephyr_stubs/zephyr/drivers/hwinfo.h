#ifndef STUB_HWINFO_H
#define STUB_HWINFO_H
#include <zephyr/kernel.h>
ssize_t hwinfo_get_device_id(uint8_t *buffer, size_t length);
#define RESET_PIN BIT(0)
#define RESET_SOFTWARE BIT(1)
#define RESET_WATCHDOG BIT(4)
#define RESET_CPU_LOCKUP BIT(8)
int hwinfo_get_reset_cause(uint32_t *cause);
int hwinfo_clear_reset_cause(void);
#endif
