#ifndef STUB_CONN_H
#define STUB_CONN_H
#include <zephyr/kernel.h>
struct bt_conn;
struct bt_conn_cb {
	void (*connected)(struct bt_conn *conn, uint8_t error);
	void (*disconnected)(struct bt_conn *conn, uint8_t reason);
	void (*recycled)(void);
};
#define BT_CONN_CB_DEFINE(name) struct bt_conn_cb bt_conn_cb_##name
struct bt_conn *bt_conn_ref(struct bt_conn *conn);
void bt_conn_unref(struct bt_conn *conn);
#endif
