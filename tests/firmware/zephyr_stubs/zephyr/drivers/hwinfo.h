#ifndef STUB_HWINFO_H
#define STUB_HWINFO_H
#include <zephyr/kernel.h>
ssize_t hwinfo_get_device_id(uint8_t *buffer, size_t length);
#endif
