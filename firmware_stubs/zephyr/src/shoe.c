#include "shoe.h"

#include "battery.h"
#include "flash_log.h"
#include "imu.h"
#include "radio.h"
#include "shoegait_control.h"
#include "store.h"

#include <zephyr/bluetooth/services/bas.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

#include <string.h>

#define COMMAND_MAX 20u
#define BATTERY_EVERY_MS (60 * MSEC_PER_SEC)
#define RING_MS (CONFIG_SHOE_RING_PACKETS * 456ll / 10)  /* at 416 Hz and MTU 247 */
#define BLINK_MS 3000
#define LONGEST_SLEEP_MS (3600ll * MSEC_PER_SEC)  /* the time on the wire wraps after 4295 s */
#define SIGN_OF_LIFE_MS 2000

typedef struct {
	uint8_t length;
	uint8_t bytes[COMMAND_MAX];
} command;

K_MSGQ_DEFINE(commands, sizeof(command), 4, 1);
static K_SEM_DEFINE(work, 0, 1);
static const struct gpio_dt_spec led = GPIO_DT_SPEC_GET(DT_ALIAS(led1), gpios);

static sg_info about;
static atomic_t linked;
static atomic_t losses;          /* of links, counted: a host may be back before we look */
static atomic_t moved;

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
static int64_t dark_at_ms;
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

void shoe_command(const uint8_t *bytes, size_t length)
{
	command written = {.length = (uint8_t)MIN(length, COMMAND_MAX)};

	memcpy(written.bytes, bytes, written.length);
	/* A host waits for its answer; one that does not loses the command, not the shoe. */
	(void)k_msgq_put(&commands, &written, K_NO_WAIT);
	shoe_wake();
}

void shoe_info(uint8_t *bytes)
{
	sg_write_info(&about, bytes);
}

void shoe_init(const char *serial, const char *firmware, bool logs)
{
	about = (sg_info){
		.side = IS_ENABLED(CONFIG_SHOE_RIGHT) ? 2 : 1,
		.features = SG_GYROSCOPE | SG_RESENDS | SG_BONDS | (logs ? SG_LOGS : 0),
		.mounting = CONFIG_SHOE_MOUNTING,
		.rate_centihz = IMU_RATE_CENTIHZ,
		.acc_range_mg = IMU_ACC_RANGE_MG,
		.gyr_range_mdps = IMU_GYR_RANGE_MDPS,
		.serial = serial,
		.firmware = firmware,
	};
	sg_resends_forget(&resends);
	(void)gpio_pin_configure_dt(&led, GPIO_OUTPUT_INACTIVE);
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
	live = store_end();
	store_set_mtu(radio_mtu());
}

static void stop(void)
{
	streams = false;
	wait_until_ms = 0;
	forget_requests();
	store_set_mtu(SG_LARGEST_MTU);
}

static void set(const sg_command *asked, sg_answer *answer)
{
	/* There is one setting; a host that asks for another learns which. */
	const uint32_t rate[] = {IMU_RATE_CENTIHZ, 0};
	const uint32_t ranges[] = {IMU_ACC_RANGE_MG, IMU_GYR_RANGE_MDPS};
	const uint32_t *ours = asked->opcode == SG_SET_RATE ? rate : ranges;

	answer->has_values = true;
	answer->values[0] = ours[0];
	answer->values[1] = ours[1];
	if (streams || log_goes_on()) {
		answer->status = SG_BUSY;
	} else if (asked->values[0] != ours[0] || (ours[1] && asked->values[1] != ours[1])) {
		answer->status = SG_NOT_SUPPORTED;
	}
}

static void identify(const sg_command *asked, sg_answer *answer)
{
	if (asked->values[0] != 1) {
		answer->status = SG_NOT_SUPPORTED;       /* it has no motor */
		return;
	}
	(void)gpio_pin_set_dt(&led, 1);
	dark_at_ms = k_uptime_get() + BLINK_MS;
}

static void resend(const sg_command *asked, sg_answer *answer)
{
	uint16_t first = (uint16_t)asked->values[0];
	uint16_t count = (uint16_t)asked->values[1];

	if (sg_resends_busy(&resends)) {
		answer->status = SG_BUSY;
		return;
	}
	count = store_available(&first, count, (uint16_t)(radio_mtu() - SG_ATT_BYTES));
	sg_resends_add(&resends, first, count);
	answer->has_values = true;
	answer->values[0] = first;
	answer->values[1] = count;
}

static void log_start(const sg_command *asked, sg_answer *answer)
{
	answer->status = log_goes_on() ? SG_DONE : log_begin(asked->values[0]);
	answer->has_values = answer->status == SG_DONE;
	answer->values[0] = log_now().number;
	answer->values[1] = (uint32_t)shoe_us();
	asleep = false;
}

static void tell_log(const sg_log *log, const sg_command *asked, sg_answer *answer)
{
	answer->has_values = true;
	answer->values[0] = log->number;
	if (asked->opcode == SG_LOG_STATUS) {
		answer->values[1] = log->state;
		answer->values[2] = log->number != 0;
		answer->values[3] = log->packets;
		answer->values[4] = log->first_us;
		answer->values[5] = log->last_us;
	} else {
		answer->values[1] = log_host_ms();
		answer->values[2] = log_wait_ms();
		answer->values[3] = log_since_ms();
	}
}

static void hand_over(const sg_log *log, const sg_command *asked, sg_answer *answer)
{
	uint32_t first = (uint32_t)asked->values[1];
	uint32_t there = first < log->packets ? log->packets - first : 0;

	parts_left = MIN(there, (uint32_t)asked->values[2]);
	parts = (sg_parts){.number = log->number, .index = first - 1};
	answer->has_values = true;
	answer->values[0] = first;
	answer->values[1] = parts_left;
}

static void of_log(const sg_command *asked, sg_answer *answer)
{
	sg_log log = log_now();
	uint32_t crc = 0;

	if (asked->opcode == SG_LOG_ROOM) {
		answer->has_values = true;
		answer->values[0] = log_room();
	} else if (asked->opcode == SG_LOG_STATUS && asked->values[0] == 0 && log.number == 0) {
		tell_log(&log, asked, answer);
	} else if (log.number == 0 ||
		   (asked->values[0] != 0 && asked->values[0] != log.number)) {
		answer->status = SG_NOT_THERE;
	} else if (asked->opcode == SG_LOG_STATUS || asked->opcode == SG_LOG_TIME) {
		tell_log(&log, asked, answer);
	} else if (asked->opcode == SG_LOG_READ) {
		hand_over(&log, asked, answer);
	} else if (asked->opcode == SG_LOG_CHECK) {
		answer->has_values =
			log_check((uint32_t)asked->values[1], (uint32_t)asked->values[2], &crc);
		answer->status = answer->has_values ? SG_DONE : SG_NOT_THERE;
		answer->values[0] = crc;
	} else {
		answer->status = log_clear((uint32_t)asked->values[1], (uint32_t)asked->values[2]);
	}
}

static void act(void *context, const sg_command *asked, sg_answer *answer)
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
		set(asked, answer);
		break;
	case SG_QUERY_TIME:
		answer->has_values = true;
		answer->values[0] = (uint32_t)shoe_us();
		break;
	case SG_IDENTIFY:
		identify(asked, answer);
		break;
	case SG_RESEND:
		resend(asked, answer);
		break;
	case SG_LOG_START:
		log_start(asked, answer);
		break;
	case SG_LOG_STOP:
		log_stop();
		break;
	default:
		of_log(asked, answer);
		break;
	}
}

static void take_commands(void)
{
	command written;
	uint8_t answer[SG_ANSWER_MAX];

	while (k_msgq_get(&commands, &written, K_NO_WAIT) == 0) {
		size_t length = sg_control(written.bytes, written.length, about.features, act, NULL,
					   answer);

		(void)radio_answer(answer, (uint16_t)length);
	}
}

static void follow_link(void)
{
	atomic_val_t lost = atomic_get(&losses);

	if (lost == losses_seen) {
		return;
	}
	losses_seen = lost;
	forget_requests();
	k_msgq_purge(&commands);
	if (streams) {
		streams = false;
		wait_until_ms = k_uptime_get() + RING_MS;
	}
}

/* 0 where a live packet went out; -ENODATA where there is none. */
static int send_live(void)
{
	uint8_t bytes[SG_PACKET_MAX];
	uint16_t seq = live;
	uint8_t length = streams ? store_next(&seq, bytes) : 0;
	int error;

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

/* Whether there is a reason to sample, and whether the shoe may sleep. */
static void decide(void)
{
	int64_t now_ms = k_uptime_get();
	bool still, wanted;

	if (atomic_set(&moved, 0)) {
		asleep = false;
		radio_advertise(true);
	}
	if (asleep && log_goes_on() && now_ms - slept_at_ms >= LONGEST_SLEEP_MS) {
		asleep = false;
		doze_at_ms = now_ms + SIGN_OF_LIFE_MS;
	}
	still = imu_still_s() >= CONFIG_SHOE_STILL_S || (doze_at_ms != 0 && now_ms >= doze_at_ms);
	if (!streams && still && !asleep) {
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
	wanted = streams || wait_until_ms != 0 || (log_goes_on() && !asleep);
	imu_sample(wanted);
	if (log_goes_on()) {
		log_wake();
	}
	if (dark_at_ms != 0 && now_ms >= dark_at_ms) {
		dark_at_ms = 0;
		(void)gpio_pin_set_dt(&led, 0);
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
	if (percent > 0) {
		(void)bt_bas_set_battery_level((uint8_t)percent);
	}
}

void shoe_run(void)
{
	for (;;) {
		k_timeout_t pause = asleep && !atomic_get(&linked) ? K_SECONDS(60) : K_SECONDS(1);

		(void)k_sem_take(&work, pause);
		follow_link();
		take_commands();
		decide();
		send();
		tell_battery();
	}
}
