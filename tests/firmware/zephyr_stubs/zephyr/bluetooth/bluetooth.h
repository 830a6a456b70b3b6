#ifndef STUB_BLUETOOTH_H
#define STUB_BLUETOOTH_H
#include <zephyr/kernel.h>
struct bt_data { uint8_t type; uint8_t data_len; const uint8_t *data; };
#define BT_DATA(kind, bytes, length) {.type = (kind), .data_len = (length), .data = (const uint8_t *)(bytes)}
#define BT_DATA_BYTES(kind, ...)                                                                   \
	BT_DATA(kind, ((uint8_t[]){__VA_ARGS__}), sizeof((uint8_t[]){__VA_ARGS__}))
#define BT_DATA_FLAGS 0x01
#define BT_DATA_UUID16_ALL 0x03
#define BT_DATA_UUID128_ALL 0x07
#define BT_DATA_NAME_COMPLETE 0x09
#define BT_LE_AD_GENERAL 2
#define BT_LE_AD_NO_BREDR 4
#define BT_LE_ADV_OPT_CONN 1u
struct bt_le_adv_param { uint32_t options, interval_min, interval_max; const void *peer; };
#define BT_LE_ADV_PARAM_INIT(how, min, max, whom) {(how), (min), (max), (whom)}
#define BT_ID_DEFAULT 0
typedef struct { uint8_t type; uint8_t a[6]; } bt_addr_le_t;
extern const bt_addr_le_t bt_addr_le_any;
#define BT_ADDR_LE_ANY (&bt_addr_le_any)
int bt_unpair(uint8_t id, const bt_addr_le_t *addr);
int bt_enable(void (*ready)(int error));
int bt_set_name(const char *name);
int bt_le_adv_start(const struct bt_le_adv_param *param, const struct bt_data *ad, size_t ad_len,
		    const struct bt_data *sd, size_t sd_len);
int bt_le_adv_stop(void);
#endif
