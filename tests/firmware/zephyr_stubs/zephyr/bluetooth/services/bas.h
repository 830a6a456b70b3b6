#ifndef STUB_BAS_H
#define STUB_BAS_H
#include <zephyr/kernel.h>
int bt_bas_set_battery_level(uint8_t level);
#endif
