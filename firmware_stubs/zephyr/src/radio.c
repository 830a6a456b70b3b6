#include "radio.h"

#include "pairing.h"
#include "shoe.h"
#include "shoegait_control.h"
#include "shoegait_packet.h"

#include <zephyr/bluetooth/bluetooth.h>
#include <zephyr/bluetooth/conn.h>
#include <zephyr/bluetooth/gatt.h>
#include <zephyr/bluetooth/hci_types.h>
#include <zephyr/bluetooth/uuid.h>
#include <zephyr/kernel.h>
#include <zephyr/settings/settings.h>

#include <string.h>

#define MOST_IN_FLIGHT 8
/* Beside these: answer, pace and battery level, a response of ATT, and one to spare. */
#define BESIDE 5
/* With fewer, to notify waits for a buffer, and the watchdog is not fed meanwhile. */
BUILD_ASSERT(CONFIG_BT_ATT_TX_COUNT >= MOST_IN_FLIGHT + BESIDE);

#define STRANGER_S 30            /* as long a link may stay without encryption */
#define PAIRING_S 35             /* one that pairs has the 30 s of SMP itself */
#define OFTEN 160                /* 100 ms, in units of 0.625 ms */
#define SELDOM 1600              /* 1 s */

#define UUID_BYTES(part) BT_UUID_128_ENCODE(0x79420000 + (part), 0xd903, 0x46ee, 0x9093, 0xcffc9faed78d)

static const struct bt_uuid_128 service_uuid = BT_UUID_INIT_128(UUID_BYTES(1));
static const struct bt_uuid_128 stream_uuid = BT_UUID_INIT_128(UUID_BYTES(2));
static const struct bt_uuid_128 control_uuid = BT_UUID_INIT_128(UUID_BYTES(3));
static const struct bt_uuid_128 info_uuid = BT_UUID_INIT_128(UUID_BYTES(4));

/* Of the Bluetooth SIG: RSC Feature, "walking or running status"; Sensor Location. */
#define RSC_KNOWS_RUNNING BIT(2)
enum { OTHER = 0, TOP_OF_SHOE = 1, IN_SHOE = 2 };

static struct bt_conn *host;     /* under the lock, as it may be lost at any time */
static K_MUTEX_DEFINE(lock);
static atomic_t in_flight;
static atomic_t advertise_often = ATOMIC_INIT(-1);  /* not yet */
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
	/* What is acknowledged is carried out: a host that hears of no room writes it again. */
	return shoe_command(buf, len) ? len : BT_GATT_ERR(BT_ATT_ERR_INSUFFICIENT_RESOURCES);
}

static ssize_t read_rsc_feature(struct bt_conn *conn, const struct bt_gatt_attr *attr, void *buf,
				uint16_t len, uint16_t offset)
{
	const uint8_t feature[2] = {RSC_KNOWS_RUNNING, 0};

	return bt_gatt_attr_read(conn, attr, buf, len, offset, feature, sizeof feature);
}

static ssize_t read_location(struct bt_conn *conn, const struct bt_gatt_attr *attr, void *buf,
			     uint16_t len, uint16_t offset)
{
	/* Of the mountings in Kconfig: laces; insole and midsole; the rest has no name there. */
	static const uint8_t of_mounting[] = {OTHER, OTHER, TOP_OF_SHOE, IN_SHOE, IN_SHOE,
					      OTHER, OTHER};

	return bt_gatt_attr_read(conn, attr, buf, len, offset,
				 &of_mounting[CONFIG_SHOE_MOUNTING], 1);
}

BT_GATT_SERVICE_DEFINE(service,
	BT_GATT_PRIMARY_SERVICE(&service_uuid),
	BT_GATT_CHARACTERISTIC(&stream_uuid.uuid, BT_GATT_CHRC_NOTIFY, BT_GATT_PERM_NONE, NULL, NULL,
			       NULL),
	BT_GATT_CCC(NULL, BT_GATT_PERM_READ | BT_GATT_PERM_WRITE),
	BT_GATT_CHARACTERISTIC(&control_uuid.uuid, BT_GATT_CHRC_WRITE | BT_GATT_CHRC_NOTIFY,
			       BT_GATT_PERM_WRITE_ENCRYPT, NULL, write_control, NULL),
	BT_GATT_CCC(NULL, BT_GATT_PERM_READ | BT_GATT_PERM_WRITE),
	BT_GATT_CHARACTERISTIC(&info_uuid.uuid, BT_GATT_CHRC_READ, BT_GATT_PERM_READ, read_info, NULL,
			       NULL),
);

BT_GATT_SERVICE_DEFINE(pace_service,
	BT_GATT_PRIMARY_SERVICE(BT_UUID_RSCS),
	BT_GATT_CHARACTERISTIC(BT_UUID_RSC_MEASUREMENT, BT_GATT_CHRC_NOTIFY, BT_GATT_PERM_NONE, NULL,
			       NULL, NULL),
	BT_GATT_CCC(NULL, BT_GATT_PERM_READ | BT_GATT_PERM_WRITE_ENCRYPT),
	BT_GATT_CHARACTERISTIC(BT_UUID_RSC_FEATURE, BT_GATT_CHRC_READ, BT_GATT_PERM_READ,
			       read_rsc_feature, NULL, NULL),
	BT_GATT_CHARACTERISTIC(BT_UUID_SENSOR_LOCATION, BT_GATT_CHRC_READ, BT_GATT_PERM_READ,
			       read_location, NULL, NULL),
);

/* Places of the values in the services above. */
enum { STREAM_VALUE = 2, CONTROL_VALUE = 5, PACE_VALUE = 2 };

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
		BT_DATA_BYTES(BT_DATA_UUID16_ALL, BT_UUID_16_ENCODE(BT_UUID_RSCS_VAL)),
	};

	ARG_UNUSED(work);
	if (radio_connected()) {
		return;
	}
	(void)bt_le_adv_stop();
	(void)bt_le_adv_start(&how, advertised, ARRAY_SIZE(advertised), answered,
			      ARRAY_SIZE(answered));
}

static K_WORK_DEFINE(advertise_work, advertise);

/* There is one link, which a stranger must not keep for itself. */
static void drop_stranger(struct k_work *work)
{
	struct bt_conn *conn = take_host();

	ARG_UNUSED(work);
	if (conn == NULL) {
		return;
	}
	if (bt_conn_get_security(conn) < BT_SECURITY_L2) {
		(void)bt_conn_disconnect(conn, BT_HCI_ERR_AUTH_FAIL);
	}
	bt_conn_unref(conn);
}

static K_WORK_DELAYABLE_DEFINE(stranger_work, drop_stranger);

/*
 * Asked for every pairing, new or anew; a bonded host that encrypts with its keys does not pair. That
 * a known host may pair anew at all is CONFIG_BT_SMP_ALLOW_UNAUTH_OVERWRITE; that it may only while
 * the window is open is here.
 */
static enum bt_security_err accept_pairing(struct bt_conn *conn,
					   const struct bt_conn_pairing_feat *const feat)
{
	ARG_UNUSED(conn);
	ARG_UNUSED(feat);
	if (!pairing_is_open()) {
		/* Of all reasons the one that goes over the air as "pairing not supported", 0x05. */
		return BT_SECURITY_ERR_PAIR_NOT_SUPPORTED;
	}
	(void)k_work_reschedule(&stranger_work, K_SECONDS(PAIRING_S));
	return BT_SECURITY_ERR_SUCCESS;
}

/* No callback to show or to ask for anything: "no input, no output", so just works. */
static const struct bt_conn_auth_cb pairings = {
	.pairing_accept = accept_pairing,
};

static void connected(struct bt_conn *conn, uint8_t error)
{
	if (error) {
		return;
	}
	replace_host(bt_conn_ref(conn));
	atomic_set(&in_flight, 0);
	(void)k_work_reschedule(&stranger_work, K_SECONDS(STRANGER_S));
	shoe_linked(true);
}

static void disconnected(struct bt_conn *conn, uint8_t reason)
{
	ARG_UNUSED(conn);
	ARG_UNUSED(reason);
	(void)k_work_cancel_delayable(&stranger_work);
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
	/* It is said with every motion; to begin anew each time would cost more than it brings. */
	if (atomic_set(&advertise_often, often) != often) {
		k_work_submit(&advertise_work);
	}
}

void radio_forget_bonds(void)
{
	(void)bt_unpair(BT_ID_DEFAULT, BT_ADDR_LE_ANY);
}

bool radio_connected(void)
{
	bool connected_now;

	k_mutex_lock(&lock, K_FOREVER);
	connected_now = host != NULL;
	k_mutex_unlock(&lock);
	return connected_now;
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

static int notify(const struct bt_gatt_attr *attr, const uint8_t *bytes, uint16_t length)
{
	struct bt_gatt_notify_params what = {
		.attr = attr,
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
	return notify(&service.attrs[STREAM_VALUE], bytes, length);
}

int radio_answer(const uint8_t *bytes, uint16_t length)
{
	return notify(&service.attrs[CONTROL_VALUE], bytes, length);
}

bool radio_pace_wanted(void)
{
	struct bt_conn *conn = take_host();
	bool wanted = false;

	if (conn != NULL) {
		/* A bonded host's subscription counts again once its link is encrypted. */
		wanted = bt_conn_get_security(conn) >= BT_SECURITY_L2 &&
			 bt_gatt_is_subscribed(conn, &pace_service.attrs[PACE_VALUE],
					       BT_GATT_CCC_NOTIFY);
		bt_conn_unref(conn);
	}
	return wanted;
}

int radio_pace(const uint8_t *bytes, uint16_t length)
{
	return notify(&pace_service.attrs[PACE_VALUE], bytes, length);
}

int radio_init(const char *name, const char *serial, const char *firmware)
{
	int error = bt_conn_auth_cb_register(&pairings);

	error = error ? error : bt_enable(NULL);
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
