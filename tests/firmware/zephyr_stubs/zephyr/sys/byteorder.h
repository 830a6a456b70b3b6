#ifndef STUB_BYTEORDER_H
#define STUB_BYTEORDER_H
#include <zephyr/kernel.h>
uint16_t sys_get_le16(const uint8_t from[2]);
uint32_t sys_get_be32(const uint8_t from[4]);
#endif
