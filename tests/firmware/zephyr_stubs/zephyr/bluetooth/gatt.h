#ifndef STUB_GATT_H
#define STUB_GATT_H
#include <zephyr/bluetooth/conn.h>
#include <zephyr/bluetooth/uuid.h>
struct bt_gatt_attr;
typedef ssize_t (*bt_gatt_attr_read_func_t)(struct bt_conn *conn, const struct bt_gatt_attr *attr,
					    void *buf, uint16_t len, uint16_t offset);
typedef ssize_t (*bt_gatt_attr_write_func_t)(struct bt_conn *conn, const struct bt_gatt_attr *attr,
					     const void *buf, uint16_t len, uint16_t offset,
					     uint8_t flags);
struct bt_gatt_attr {
	const struct bt_uuid *uuid;
	bt_gatt_attr_read_func_t read;
	bt_gatt_attr_write_func_t write;
	uint16_t perm;
};
struct bt_gatt_service_static { const struct bt_gatt_attr *attrs; size_t attr_count; };
#define BT_GATT_CHRC_READ 0x02
#define BT_GATT_CHRC_WRITE 0x08
#define BT_GATT_CHRC_NOTIFY 0x10
#define BT_GATT_PERM_NONE 0
#define BT_GATT_PERM_READ 1
#define BT_GATT_PERM_WRITE 2
#define BT_GATT_PERM_WRITE_ENCRYPT 8
#define BT_GATT_WRITE_FLAG_PREPARE 1
#define BT_ATT_ERR_INVALID_OFFSET 0x07
#define BT_ATT_ERR_INSUFFICIENT_RESOURCES 0x11
#define BT_GATT_CCC_NOTIFY 0x0001
#define BT_GATT_ERR(code) (-(code))
#define BT_GATT_PRIMARY_SERVICE(of) {(const struct bt_uuid *)(of), NULL, NULL, 0}
#define BT_GATT_CHARACTERISTIC(of, properties, permissions, reader, writer, data)                  \
	{NULL, NULL, NULL, (properties)},                                                          \
	{                                                                                          \
		(of), (reader), (writer), (uint16_t)((permissions) + 0 * sizeof(data))             \
	}
#define BT_GATT_CCC(changed, permissions) {NULL, NULL, NULL, (permissions)}
#define BT_GATT_SERVICE_DEFINE(name, ...)                                                          \
	static const struct bt_gatt_attr attributes_of_##name[] = {__VA_ARGS__};                   \
	const struct bt_gatt_service_static name = {                                               \
		attributes_of_##name, ARRAY_SIZE(attributes_of_##name)}
struct bt_gatt_notify_params {
	const struct bt_uuid *uuid;
	const struct bt_gatt_attr *attr;
	const void *data;
	uint16_t len;
	void (*func)(struct bt_conn *conn, void *data);
	void *user_data;
};
int bt_gatt_notify_cb(struct bt_conn *conn, struct bt_gatt_notify_params *params);
bool bt_gatt_is_subscribed(struct bt_conn *conn, const struct bt_gatt_attr *attr, uint16_t ccc_type);
uint16_t bt_gatt_get_mtu(struct bt_conn *conn);
ssize_t bt_gatt_attr_read(struct bt_conn *conn, const struct bt_gatt_attr *attr, void *buf,
			  uint16_t buf_len, uint16_t offset, const void *value, uint16_t value_len);
#endif
