#ifndef STUB_UUID_H
#define STUB_UUID_H
#include <zephyr/kernel.h>
struct bt_uuid { uint8_t type; };
struct bt_uuid_16 { struct bt_uuid uuid; uint16_t val; };
#define BT_UUID_16_ENCODE(w16) (((w16) >> 0) & 0xFF), (((w16) >> 8) & 0xFF)
#define BT_UUID_DECLARE_16(value)                                                                  \
	((const struct bt_uuid *)((const struct bt_uuid_16[]){{{0}, (value)}}))
#define BT_UUID_RSCS_VAL 0x1814
#define BT_UUID_RSCS BT_UUID_DECLARE_16(BT_UUID_RSCS_VAL)
#define BT_UUID_RSC_MEASUREMENT BT_UUID_DECLARE_16(0x2a53)
#define BT_UUID_RSC_FEATURE BT_UUID_DECLARE_16(0x2a54)
#define BT_UUID_SENSOR_LOCATION BT_UUID_DECLARE_16(0x2a5d)
struct bt_uuid_128 { struct bt_uuid uuid; uint8_t val[16]; };
#define BT_UUID_128_ENCODE(w32, w1, w2, w3, w48)                                                   \
	(uint8_t)(w48), (uint8_t)((w48) >> 8), (uint8_t)((w48) >> 16), (uint8_t)((w48) >> 24),     \
		(uint8_t)((w48) >> 32), (uint8_t)((w48) >> 40), (uint8_t)(w3),                     \
		(uint8_t)((w3) >> 8), (uint8_t)(w2), (uint8_t)((w2) >> 8), (uint8_t)(w1),          \
		(uint8_t)((w1) >> 8), (uint8_t)(w32), (uint8_t)((w32) >> 8),                       \
		(uint8_t)((w32) >> 16), (uint8_t)((w32) >> 24)
#define BT_UUID_INIT_128(...) {{2}, {__VA_ARGS__}}
#endif
