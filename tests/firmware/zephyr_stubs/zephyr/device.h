#ifndef STUB_DEVICE_H
#define STUB_DEVICE_H
#include <zephyr/kernel.h>
#endif
