#include "shoe.h"

#include "alive.h"
#include "battery.h"
#include "flash_log.h"
#include "imu.h"
#include "lights.h"
#include "pace.h"
#include "pairing.h"
#include "radio.h"
#include "shoegait_control.h"
#include "store.h"

#include <zephyr/bluetooth/services/bas.h>
#include <zephyr/kernel.h>

#include <string.h>

#define COMMAND_MAX 20u
#define BATTERY_EVERY_MS (60 * MSEC_PER_SEC)
#define RING_MS (CONFIG_SHOE_RING_PACKETS * 456ll / 10)  /* at 416 Hz and MTU 247 */
#define PACE_EVERY_MS MSEC_PER_SEC
#define IDENTIFY_MS 3000
#define FORGOTTEN_MS 2000        /* red, after the bonds are forgotten */
#define LONGEST_SLEEP_MS (3600ll * MSEC_PER_SEC)  /* the time on the wire wraps after 4295 s */
#define SIGN_OF_LIFE_MS 2000

typedef struct {
	atomic_val_t link;       /* losses when it was written: it is of the link after so many */
	uint8_t length;
	uint8_t bytes[COMMAND_MAX];
} command;

K_MSGQ_DEFINE(commands, sizeof(command), 4, sizeof(atomic_val_t));
static K_SEM_DEFINE(work, 0, 1);

static sg_info about;
static atomic_t linked;
static atomic_t losses;          /* of links, counted: a host may be back before we look */
static atomic_t moved;
static atomic_t tapped;

static atomic_val_t losses_seen;
static bool streams;
static int64_t wait_until_ms;    /* a link was lost while streaming; its host may come back */
static bool asleep;
static int64_t slept_at_ms;
static int64_t doze_at_ms;       /* it was woken only to log a moment, until then; or 0 */
static uint16_t live;            /* next packet of the stream */
static sg_resends resends;
static sg_parts parts;           /* of the log: what is being handed over */
static uint32_t parts_left;
static uint8_t part_of[SG_PACKET_MAX];
static uint8_t answer[SG_ANSWER_MAX];
static size_t answer_length;     /* of one that the radio had no room for yet, or 0 */
static uint8_t battery = SG_UNKNOWN_PERCENT;
static int64_t pace_at_ms;
static bool others_turn;

uint64_t shoe_us(void)
{
	return k_ticks_to_us_floor64((uint64_t)k_uptime_ticks());
}

void shoe_wake(void)
{
	k_sem_give(&work);
}

void shoe_linked(bool now)
{
	atomic_set(&linked, now);
	if (!now) {
		atomic_inc(&losses);
	}
	shoe_wake();
}

void shoe_moved(void)
{
	atomic_set(&moved, 1);
	shoe_wake();
}

void shoe_tapped(void)
{
	atomic_set(&tapped, 1);
	shoe_wake();
}

bool shoe_command(const uint8_t *bytes, size_t length)
{
	command written = {
		.link = atomic_get(&losses),
		.length = (uint8_t)MIN(length, COMMAND_MAX),
	};

	memcpy(written.bytes, bytes, written.length);
	if (k_msgq_put(&commands, &written, K_NO_WAIT) != 0) {
		return false;
	}
	shoe_wake();
	return true;
}

void shoe_info(uint8_t *bytes)
{
	sg_write_info(&about, bytes);
}

void shoe_init(const char *serial, const char *firmware, bool logs)
{
	about = (sg_info){
		.side = IS_ENABLED(CONFIG_SHOE_RIGHT) ? 2 : 1,
		.features = SG_GYROSCOPE | SG_RESENDS | SG_BONDS | SG_PACE | (logs ? SG_LOGS : 0),
		.mounting = CONFIG_SHOE_MOUNTING,
		.rate_centihz = IMU_RATE_CENTIHZ,
		.acc_range_mg = IMU_ACC_RANGE_MG,
		.gyr_range_mdps = IMU_GYR_RANGE_MDPS,
		.serial = serial,
		.firmware = firmware,
	};
	sg_resends_forget(&resends);
}

static void forget_requests(void)
{
	sg_resends_forget(&resends);
	parts_left = 0;
	parts.length = 0;
	parts.offset = 0;
}

static void start(void)
{
	if (streams) {
		return;
	}
	streams = true;
	/* First the MTU, as it may end a packet that is too long for this link. */
	store_set_mtu(radio_mtu());
	live = store_end();
}

static void stop(void)
{
	streams = false;
	wait_until_ms = 0;
	forget_requests();
	store_set_mtu(SG_LARGEST_MTU);
}

static void set(const sg_command *asked, sg_answer *told)
{
	/* There is one setting; a host that asks for another learns which. */
	const uint32_t rate[] = {IMU_RATE_CENTIHZ, 0};
	const uint32_t ranges[] = {IMU_ACC_RANGE_MG, IMU_GYR_RANGE_MDPS};
	const uint32_t *ours = asked->opcode == SG_SET_RATE ? rate : ranges;

	told->has_values = true;
	told->values[0] = ours[0];
	told->values[1] = ours[1];
	if (streams || log_goes_on()) {
		told->status = SG_BUSY;
	} else if (asked->values[0] != ours[0] || (ours[1] && asked->values[1] != ours[1])) {
		told->status = SG_NOT_SUPPORTED;
	}
}

static void identify(const sg_command *asked, sg_answer *told)
{
	if (asked->values[0] != 1) {
		told->status = SG_NOT_SUPPORTED;       /* it has no motor */
		return;
	}
	lights_green(IDENTIFY_MS);
}

static void resend(const sg_command *asked, sg_answer *told)
{
	uint16_t first = (uint16_t)asked->values[0];
	uint16_t count = (uint16_t)asked->values[1];

	if (sg_resends_busy(&resends)) {
		told->status = SG_BUSY;
		return;
	}
	count = store_available(&first, count, (uint16_t)(radio_mtu() - SG_ATT_BYTES));
	sg_resends_add(&resends, first, count);
	told->has_values = true;
	told->values[0] = first;
	told->values[1] = count;
}

static void log_start(const sg_command *asked, sg_answer *told)
{
	told->status = log_goes_on() ? SG_DONE : log_begin(asked->values[0]);
	told->has_values = told->status == SG_DONE;
	told->values[0] = log_now().number;
	told->values[1] = (uint32_t)shoe_us();
	asleep = false;
}

static void tell_log(const sg_log *log, const sg_command *asked, sg_answer *told)
{
	told->has_values = true;
	told->values[0] = log->number;
	if (asked->opcode == SG_LOG_STATUS) {
		told->values[1] = log->state;
		told->values[2] = log->number != 0;
		told->values[3] = log->packets;
		told->values[4] = log->first_us;
		told->values[5] = log->last_us;
	} else {
		log_times when = log_when();

		told->values[1] = when.host_ms;
		told->values[2] = when.wait_ms;
		told->values[3] = when.since_ms;
	}
}

static void hand_over(const sg_log *log, const sg_command *asked, sg_answer *told)
{
	uint32_t first = (uint32_t)asked->values[1];
	uint32_t there = first < log->packets ? log->packets - first : 0;

	parts_left = MIN(there, (uint32_t)asked->values[2]);
	parts = (sg_parts){.number = log->number, .index = first - 1};
	told->has_values = true;
	told->values[0] = first;
	told->values[1] = parts_left;
}

static void of_log(const sg_command *asked, sg_answer *told)
{
	sg_log log = log_now();
	uint32_t crc = 0;

	if (asked->opcode == SG_LOG_ROOM) {
		told->has_values = true;
		told->values[0] = log_room();
	} else if (asked->opcode == SG_LOG_STATUS && asked->values[0] == 0 && log.number == 0) {
		tell_log(&log, asked, told);
	} else if (log.number == 0 ||
		   (asked->values[0] != 0 && asked->values[0] != log.number)) {
		told->status = SG_NOT_THERE;
	} else if (asked->opcode == SG_LOG_STATUS || asked->opcode == SG_LOG_TIME) {
		tell_log(&log, asked, told);
	} else if (asked->opcode == SG_LOG_READ) {
		hand_over(&log, asked, told);
	} else if (asked->opcode == SG_LOG_CHECK) {
		told->has_values =
			log_check((uint32_t)asked->values[1], (uint32_t)asked->values[2], &crc);
		told->status = told->has_values ? SG_DONE : SG_NOT_THERE;
		told->values[0] = crc;
	} else {
		told->status = log_clear((uint32_t)asked->values[1], (uint32_t)asked->values[2]);
	}
}

static void act(void *context, const sg_command *asked, sg_answer *told)
{
	ARG_UNUSED(context);
	switch (asked->opcode) {
	case SG_START:
		start();
		break;
	case SG_STOP:
		stop();
		break;
	case SG_SET_RATE:
	case SG_SET_RANGES:
		set(asked, told);
		break;
	case SG_QUERY_TIME:
		told->has_values = true;
		told->values[0] = (uint32_t)shoe_us();
		told->values[1] = battery;
		break;
	case SG_IDENTIFY:
		identify(asked, told);
		break;
	case SG_RESEND:
		resend(asked, told);
		break;
	case SG_LOG_START:
		log_start(asked, told);
		break;
	case SG_LOG_STOP:
		log_stop();
		break;
	default:
		of_log(asked, told);
		break;
	}
}

static void follow_link(void)
{
	atomic_val_t lost = atomic_get(&losses);

	if (lost == losses_seen) {
		return;
	}
	losses_seen = lost;
	answer_length = 0;
	forget_requests();
	if (streams) {
		streams = false;
		wait_until_ms = k_uptime_get() + RING_MS;
	}
}

/* False where the radio has no room for the answer yet: no other command is taken before. */
static bool send_answer(void)
{
	if (answer_length > 0 && radio_answer(answer, (uint16_t)answer_length) == -EAGAIN) {
		return false;
	}
	answer_length = 0;
	return true;
}

static void take_commands(void)
{
	command written;

	while (send_answer() && k_msgq_get(&commands, &written, K_NO_WAIT) == 0) {
		follow_link();
		/* One of a link that was lost before it was read is nobody's any more. */
		if (written.link == losses_seen) {
			answer_length = sg_control(written.bytes, written.length, about.features,
						   act, NULL, answer);
		}
	}
}

/* 0 where a live packet went out; -ENODATA where there is none. */
static int send_live(void)
{
	const uint16_t largest = (uint16_t)(radio_mtu() - SG_ATT_BYTES);
	uint8_t bytes[SG_PACKET_MAX];
	uint16_t seq = live;
	uint8_t length = 0;
	int error;

	/* One that was made for a longer MTU never fits this link: pass over it. */
	while (streams) {
		length = store_next(&seq, bytes);
		if (length <= largest) {
			break;
		}
		live = seq;
	}
	if (length == 0) {
		return -ENODATA;
	}
	error = radio_stream(bytes, length);
	if (error != -EAGAIN) {
		live = seq;
	}
	return error;
}

static int send_again(void)
{
	uint8_t bytes[SG_PACKET_MAX];
	sg_resends before = resends;
	uint8_t length = store_again(&resends, bytes);
	int error;

	if (length == 0) {
		return -ENODATA;
	}
	error = radio_stream(bytes, length);
	if (error == -EAGAIN) {
		resends = before;
	}
	return error;
}

static bool load_part(void)
{
	if (parts.offset < parts.length) {
		return true;
	}
	if (parts_left == 0) {
		return false;
	}
	parts_left--;
	parts.index++;
	parts.bytes = part_of;
	parts.offset = 0;
	parts.length = log_read(parts.index, part_of);
	return parts.length > 0;
}

static int send_part(void)
{
	uint8_t bytes[SG_PACKET_MAX];
	uint16_t offset;
	uint16_t length;
	int error;

	if (!load_part()) {
		return -ENODATA;
	}
	offset = parts.offset;
	length = sg_parts_next(&parts, radio_mtu(), bytes);
	error = radio_stream(bytes, length);
	if (error == -EAGAIN) {
		parts.offset = offset;
	}
	return error;
}

static int send_other(void)
{
	int error = send_again();

	return error == -ENODATA ? send_part() : error;
}

/* As much as the radio takes, live packets and what was asked for in turn. */
static void send(void)
{
	int error = 0;

	while (radio_connected() && error == 0) {
		others_turn = !others_turn;
		error = others_turn ? send_other() : send_live();
		if (error == -ENODATA) {
			error = others_turn ? send_live() : send_other();
		}
		if (error == -EAGAIN) {
			others_turn = !others_turn;      /* its turn is still to come */
		}
	}
}

/* Three taps open the window for pairing; with USB power they forget all that paired. */
static void follow_taps(void)
{
	if (!atomic_set(&tapped, 0)) {
		return;
	}
	if (pairing_usb_power()) {
		radio_forget_bonds();
		lights_red(FORGOTTEN_MS);
	}
	pairing_open();
}

/* Whether there is a reason to sample, and whether the shoe may sleep. */
static void decide(void)
{
	int64_t now_ms = k_uptime_get();
	bool still, wanted;

	if (atomic_set(&moved, 0)) {
		asleep = false;
		radio_advertise(true);
	}
	follow_taps();
	lights_follow_pairing();
	if (asleep && log_goes_on() && now_ms - slept_at_ms >= LONGEST_SLEEP_MS) {
		asleep = false;
		doze_at_ms = now_ms + SIGN_OF_LIFE_MS;
	}
	still = doze_at_ms != 0 ? now_ms >= doze_at_ms : imu_still_s() >= CONFIG_SHOE_STILL_S;
	if (streams) {
		doze_at_ms = 0;
	} else if (still && !asleep) {
		asleep = true;
		slept_at_ms = now_ms;
		doze_at_ms = 0;
		radio_advertise(false);
	}
	if (now_ms >= wait_until_ms) {
		if (wait_until_ms != 0 && !streams) {
			store_set_mtu(SG_LARGEST_MTU);
		}
		wait_until_ms = 0;
	}
	wanted = streams || wait_until_ms != 0 || (log_goes_on() && !asleep) ||
		 (radio_pace_wanted() && imu_still_s() < CONFIG_SHOE_STILL_S);
	imu_sample(wanted);
	if (log_goes_on()) {
		log_wake();
	}
}

static void tell_pace(void)
{
	uint8_t bytes[SG_PACE_BYTES];
	size_t length;

	if (k_uptime_get() < pace_at_ms || !radio_pace_wanted()) {
		return;
	}
	pace_at_ms = k_uptime_get() + PACE_EVERY_MS;
	length = pace_measurement(bytes);
	if (length > 0) {
		(void)radio_pace(bytes, (uint16_t)length);
	}
}

static void tell_battery(void)
{
	static int64_t next_ms;
	int percent;

	if (k_uptime_get() < next_ms) {
		return;
	}
	next_ms = k_uptime_get() + BATTERY_EVERY_MS;
	percent = battery_percent();
	battery = percent > 0 ? (uint8_t)percent : SG_UNKNOWN_PERCENT;
	if (percent > 0) {
		(void)bt_bas_set_battery_level((uint8_t)percent);
	}
}

void shoe_run(void)
{
	for (;;) {
		bool idle = asleep && !atomic_get(&linked);

		alive_feed();
		tell_battery();
		(void)k_sem_take(&work, K_SECONDS(idle ? ALIVE_S : 1));
		follow_link();
		take_commands();
		decide();
		send();
		tell_pace();
	}
}
