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
typedef enum { BT_SECURITY_L0, BT_SECURITY_L1, BT_SECURITY_L2, BT_SECURITY_L3, BT_SECURITY_L4 } bt_security_t;
enum bt_security_err {
	BT_SECURITY_ERR_SUCCESS,
	BT_SECURITY_ERR_AUTH_FAIL,
	BT_SECURITY_ERR_PIN_OR_KEY_MISSING,
	BT_SECURITY_ERR_OOB_NOT_AVAILABLE,
	BT_SECURITY_ERR_AUTH_REQUIREMENT,
	BT_SECURITY_ERR_PAIR_NOT_SUPPORTED,
	BT_SECURITY_ERR_PAIR_NOT_ALLOWED,
};
struct bt_conn_pairing_feat {
	uint8_t io_capability, oob_data_flag, auth_req, max_enc_key_size, init_key_dist, resp_key_dist;
};
/* The fields that the shoe leaves NULL are left out. */
struct bt_conn_auth_cb {
	enum bt_security_err (*pairing_accept)(struct bt_conn *conn,
					       const struct bt_conn_pairing_feat *const feat);
};
int bt_conn_auth_cb_register(const struct bt_conn_auth_cb *cb);
bt_security_t bt_conn_get_security(const struct bt_conn *conn);
int bt_conn_disconnect(struct bt_conn *conn, uint8_t reason);
struct bt_conn *bt_conn_ref(struct bt_conn *conn);
void bt_conn_unref(struct bt_conn *conn);
#endif
