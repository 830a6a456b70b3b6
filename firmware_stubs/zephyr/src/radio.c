#include "radio.h"

#include "shoe.h"
#include "shoegait_control.h"
#include "shoegait_packet.h"

#include <zephyr/bluetooth/bluetooth.h>
#include <zephyr/bluetooth/conn.h>
#include <zephyr/bluetooth/gatt.h>
#include <zephyr/bluetooth/uuid.h>
#include <zephyr/kernel.h>
#include <zephyr/settings/settings.h>

#include <string.h>

#define MOST_IN_FLIGHT 8
#define OFTEN 160                /* 100 ms, in units of 0.625 ms */
#define SELDOM 1600              /* 1 s */

#define UUID_BYTES(part) BT_UUID_128_ENCODE(0x79420000 + (part), 0xd903, 0x46ee, 0x9093, 0xcffc9faed78d)

static const struct bt_uuid_128 service_uuid = BT_UUID_INIT_128(UUID_BYTES(1));
static const struct bt_uuid_128 stream_uuid = BT_UUID_INIT_128(UUID_BYTES(2));
static const struct bt_uuid_128 control_uuid = BT_UUID_INIT_128(UUID_BYTES(3));
static const struct bt_uuid_128 info_uuid = BT_UUID_INIT_128(UUID_BYTES(4));

#define COMMANDS_FROM                                                                              \
	(IS_ENABLED(CONFIG_SHOE_PAIRED_ONLY) ? BT_GATT_PERM_WRITE_ENCRYPT : BT_GATT_PERM_WRITE)

static struct bt_conn *host;     /* under the lock, as it may be lost at any time */
static K_MUTEX_DEFINE(lock);
static atomic_t in_flight;
static atomic_t advertise_often = ATOMIC_INIT(1);
static char own_name[24];

/* The host with a reference of its own, or NULL. */
static struct bt_conn *take_host(void)
{
	struct bt_conn *taken;

	k_mutex_lock(&lock, K_FOREVER);
	taken = host != NULL ? bt_conn_ref(host) : NULL;
	k_mutex_unlock(&lock);
	return taken;
}

static void replace_host(struct bt_conn *by)
{
	struct bt_conn *before;

	k_mutex_lock(&lock, K_FOREVER);
	before = host;
	host = by;
	k_mutex_unlock(&lock);
	if (before != NULL) {
		bt_conn_unref(before);
	}
}

static ssize_t read_info(struct bt_conn *conn, const struct bt_gatt_attr *attr, void *buf,
			 uint16_t len, uint16_t offset)
{
	uint8_t bytes[SG_INFO_BYTES];

	shoe_info(bytes);
	return bt_gatt_attr_read(conn, attr, buf, len, offset, bytes, sizeof bytes);
}

static ssize_t write_control(struct bt_conn *conn, const struct bt_gatt_attr *attr, const void *buf,
			     uint16_t len, uint16_t offset, uint8_t flags)
{
	ARG_UNUSED(conn);
	ARG_UNUSED(attr);
	if (offset != 0 || (flags & BT_GATT_WRITE_FLAG_PREPARE)) {
		return BT_GATT_ERR(BT_ATT_ERR_INVALID_OFFSET);
	}
	shoe_command(buf, len);
	return len;
}

BT_GATT_SERVICE_DEFINE(service,
	BT_GATT_PRIMARY_SERVICE(&service_uuid),
	BT_GATT_CHARACTERISTIC(&stream_uuid.uuid, BT_GATT_CHRC_NOTIFY, BT_GATT_PERM_NONE, NULL, NULL,
			       NULL),
	BT_GATT_CCC(NULL, BT_GATT_PERM_READ | BT_GATT_PERM_WRITE),
	BT_GATT_CHARACTERISTIC(&control_uuid.uuid, BT_GATT_CHRC_WRITE | BT_GATT_CHRC_NOTIFY,
			       COMMANDS_FROM, NULL, write_control, NULL),
	BT_GATT_CCC(NULL, BT_GATT_PERM_READ | BT_GATT_PERM_WRITE),
	BT_GATT_CHARACTERISTIC(&info_uuid.uuid, BT_GATT_CHRC_READ, BT_GATT_PERM_READ, read_info, NULL,
			       NULL),
);

/* Places of the values in the service above. */
enum { STREAM_VALUE = 2, CONTROL_VALUE = 5 };

static const struct bt_data advertised[] = {
	BT_DATA_BYTES(BT_DATA_FLAGS, (BT_LE_AD_GENERAL | BT_LE_AD_NO_BREDR)),
	BT_DATA_BYTES(BT_DATA_UUID128_ALL, UUID_BYTES(1)),
};

static void advertise(struct k_work *work)
{
	uint32_t interval = atomic_get(&advertise_often) ? OFTEN : SELDOM;
	struct bt_le_adv_param how =
		BT_LE_ADV_PARAM_INIT(BT_LE_ADV_OPT_CONN, interval, interval + 16, NULL);
	const struct bt_data answered[] = {
		BT_DATA(BT_DATA_NAME_COMPLETE, own_name, strlen(own_name)),
	};

	ARG_UNUSED(work);
	if (host != NULL) {
		return;
	}
	(void)bt_le_adv_stop();
	(void)bt_le_adv_start(&how, advertised, ARRAY_SIZE(advertised), answered,
			      ARRAY_SIZE(answered));
}

static K_WORK_DEFINE(advertise_work, advertise);

static void connected(struct bt_conn *conn, uint8_t error)
{
	if (error) {
		return;
	}
	replace_host(bt_conn_ref(conn));
	atomic_set(&in_flight, 0);
	shoe_linked(true);
}

static void disconnected(struct bt_conn *conn, uint8_t reason)
{
	ARG_UNUSED(conn);
	ARG_UNUSED(reason);
	replace_host(NULL);
	shoe_linked(false);
}

/* The connection is free only now; to advertise from here itself could lock up. */
static void recycled(void)
{
	k_work_submit(&advertise_work);
}

BT_CONN_CB_DEFINE(connection) = {
	.connected = connected,
	.disconnected = disconnected,
	.recycled = recycled,
};

void radio_advertise(bool often)
{
	atomic_set(&advertise_often, often);
	k_work_submit(&advertise_work);
}

bool radio_connected(void)
{
	return host != NULL;
}

uint16_t radio_mtu(void)
{
	struct bt_conn *conn = take_host();
	uint16_t mtu = SG_SMALLEST_MTU;

	if (conn != NULL) {
		mtu = bt_gatt_get_mtu(conn);
		bt_conn_unref(conn);
	}
	return mtu;
}

static void sent(struct bt_conn *conn, void *data)
{
	ARG_UNUSED(conn);
	ARG_UNUSED(data);
	if (atomic_dec(&in_flight) <= 0) {
		atomic_set(&in_flight, 0);       /* of a link that was lost meanwhile */
	}
	shoe_wake();
}

static int notify(int place, const uint8_t *bytes, uint16_t length)
{
	struct bt_gatt_notify_params what = {
		.attr = &service.attrs[place],
		.data = bytes,
		.len = length,
		.func = sent,
	};
	struct bt_conn *conn = take_host();
	int error;

	if (conn == NULL) {
		return -ENOTCONN;
	}
	atomic_inc(&in_flight);
	error = bt_gatt_notify_cb(conn, &what);
	bt_conn_unref(conn);
	if (error) {
		atomic_dec(&in_flight);
	}
	return error == -ENOMEM ? -EAGAIN : error;
}

int radio_stream(const uint8_t *bytes, uint16_t length)
{
	/* The rest waits in the ring: what is given to the stack is lost with the link. */
	if (atomic_get(&in_flight) >= MOST_IN_FLIGHT) {
		return -EAGAIN;
	}
	return notify(STREAM_VALUE, bytes, length);
}

int radio_answer(const uint8_t *bytes, uint16_t length)
{
	return notify(CONTROL_VALUE, bytes, length);
}

int radio_init(const char *name, const char *serial, const char *firmware)
{
	int error = bt_enable(NULL);

	if (error) {
		return error;
	}
	(void)settings_load();
	(void)settings_runtime_set("bt/dis/serial", serial, strlen(serial) + 1);
	(void)settings_runtime_set("bt/dis/fw", firmware, strlen(firmware) + 1);
	strncpy(own_name, name, sizeof own_name - 1);
	(void)bt_set_name(own_name);
	return 0;
}
