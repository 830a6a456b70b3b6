#include "flash_log.h"

#include "alive.h"
#include "shoe.h"
#include "store.h"

#include <zephyr/kernel.h>
#include <zephyr/settings/settings.h>
#include <zephyr/storage/flash_map.h>

#define MAGIC 0x31474753u        /* "SGG1" */
#define SECTOR 4096u
#define PAGE 256u
#define FIRST_PAGE (SECTOR / PAGE)
#define PAGES_PER_SECTOR (SECTOR / PAGE)
#define ENDED_AT 64u             /* in sector 0: written when the log ends */
#define UNKNOWN_MS 0xFFFFFFFFu

typedef struct {
	uint32_t magic;
	uint32_t number;
	uint64_t host_ms;
	uint64_t began_ms;
} header;

typedef struct {
	uint64_t taken_ms;       /* first sample, ms of the shoe's clock */
	uint32_t length;
	uint8_t bytes[SG_PACKET_MAX];
} page;

BUILD_ASSERT(sizeof(page) == PAGE);

static const struct flash_area *area;
/* Under the lock, from here to `reader`: the thread of the log writes while that of the shoe reads. */
static sg_log book;              /* what is kept */
static header about;
static uint64_t first_ms, last_ms;
static bool this_boot;
static uint16_t last_number;
static uint16_t reader;          /* in the store */
static K_MUTEX_DEFINE(lock);
static K_SEM_DEFINE(to_write, 0, 1);
static atomic_t goes_on;         /* book.state, for who must not wait while a sector is erased */

static off_t page_at(uint32_t index)
{
	return (off_t)((index + FIRST_PAGE) * PAGE);
}

static uint32_t most_packets(void)
{
	return (uint32_t)(area->fa_size / PAGE) - FIRST_PAGE;
}

static void end(uint8_t state)
{
	uint32_t ended = state;

	book.state = state;
	atomic_set(&goes_on, 0);
	(void)flash_area_write(area, ENDED_AT, &ended, sizeof ended);
}

static void note(const page *kept)
{
	if (book.packets == 0) {
		first_ms = kept->taken_ms;
	}
	last_ms = kept->taken_ms;
	sg_log_note(&book, kept->bytes, (uint16_t)kept->length);
}

/* After a reset: count the packets, and make their check anew. */
static void find_packets(void)
{
	static page kept;

	while (book.packets < most_packets() &&
	       flash_area_read(area, page_at(book.packets), &kept, sizeof kept) == 0 &&
	       kept.length > 0 && kept.length <= SG_PACKET_MAX) {
		note(&kept);
	}
}

static int load_number(const char *key, size_t length, settings_read_cb read, void *context)
{
	ARG_UNUSED(key);
	return length == sizeof last_number && read(context, &last_number, length) >= 0 ? 0 : -EINVAL;
}

SETTINGS_STATIC_HANDLER_DEFINE(shoe_log, "shoe/log", NULL, load_number, NULL, NULL);

static void log_thread(void *a, void *b, void *c);
K_THREAD_STACK_DEFINE(log_stack, 2048);
static struct k_thread log_thread_data;

int log_init(void)
{
	uint32_t ended = 0;
	int error = flash_area_open(FIXED_PARTITION_ID(log_partition), &area);

	if (error) {
		return error;
	}
	error = flash_area_read(area, 0, &about, sizeof about);
	error = error ? error : flash_area_read(area, ENDED_AT, &ended, sizeof ended);
	if (error) {
		return error;
	}
	if (about.magic == MAGIC) {
		book.number = (uint16_t)about.number;
		book.state = ended <= SG_LOG_POWER_LOST ? (uint8_t)ended : SG_LOG_LOGGING;
		find_packets();
		/* It does not go on, and there is no room for another before it is cleared. */
		if (book.state == SG_LOG_LOGGING) {
			end(SG_LOG_POWER_LOST);
		}
	}
	alive_join(ALIVE_LOG);
	k_thread_create(&log_thread_data, log_stack, K_THREAD_STACK_SIZEOF(log_stack), log_thread,
			NULL, NULL, NULL, K_PRIO_PREEMPT(10), 0, K_NO_WAIT);
	return 0;
}

static int write_header(uint64_t host_ms)
{
	int error = flash_area_erase(area, 0, 2 * SECTOR);

	last_number = last_number == UINT16_MAX ? 1 : last_number + 1;
	about = (header){MAGIC, last_number, host_ms, shoe_us() / USEC_PER_MSEC};
	/* The number first: one that was given is never given again, whatever happens now. */
	error = error ? error : settings_save_one("shoe/log/last", &last_number, sizeof last_number);
	return error ? error : flash_area_write(area, 0, &about, sizeof about);
}

sg_status log_begin(uint64_t host_ms)
{
	sg_status status = SG_FULL;

	k_mutex_lock(&lock, K_FOREVER);
	if (book.number == 0 && write_header(host_ms) == 0) {
		book = (sg_log){.number = last_number, .state = SG_LOG_LOGGING};
		this_boot = true;
		reader = store_end();
		atomic_set(&goes_on, 1);
		status = SG_DONE;
	}
	k_mutex_unlock(&lock);
	return status;
}

void log_stop(void)
{
	k_mutex_lock(&lock, K_FOREVER);
	if (book.state == SG_LOG_LOGGING) {
		end(SG_LOG_STOPPED);
	}
	k_mutex_unlock(&lock);
}

bool log_goes_on(void)
{
	return atomic_get(&goes_on);
}

sg_log log_now(void)
{
	sg_log now;

	k_mutex_lock(&lock, K_FOREVER);
	now = book;
	k_mutex_unlock(&lock);
	return now;
}

log_times log_when(void)
{
	log_times when;
	bool known;

	k_mutex_lock(&lock, K_FOREVER);
	known = this_boot && book.packets > 0;
	when.host_ms = about.host_ms;
	when.wait_ms = book.packets > 0 ? (uint32_t)(first_ms - about.began_ms) : 0;
	when.since_ms = known ? (uint32_t)(shoe_us() / USEC_PER_MSEC - last_ms) : UNKNOWN_MS;
	k_mutex_unlock(&lock);
	return when;
}

uint8_t log_read(uint32_t index, uint8_t bytes[SG_PACKET_MAX])
{
	static page kept;
	uint8_t length = 0;

	k_mutex_lock(&lock, K_FOREVER);
	if (index < book.packets &&
	    flash_area_read(area, page_at(index), &kept, sizeof kept) == 0 &&
	    kept.length <= SG_PACKET_MAX) {
		length = (uint8_t)kept.length;
		sg_copy(bytes, kept.bytes, length);
	}
	k_mutex_unlock(&lock);
	return length;
}

bool log_check(uint32_t first, uint32_t count, uint32_t *crc)
{
	static uint8_t bytes[SG_PACKET_MAX];
	uint32_t packets = log_now().packets;

	*crc = 0;
	if (first > packets || count > packets - first) {
		return false;
	}
	/* The lock is let go between packets, so that a log goes on meanwhile. */
	while (count-- > 0) {
		*crc = sg_crc32(*crc, bytes, log_read(first++, bytes));
	}
	return true;
}

sg_status log_clear(uint32_t packets, uint32_t crc)
{
	sg_status status = SG_MISMATCH;

	k_mutex_lock(&lock, K_FOREVER);
	if (book.state == SG_LOG_LOGGING) {
		status = SG_BUSY;
	} else if (sg_log_matches(&book, packets, crc) &&
		   flash_area_erase(area, 0, SECTOR) == 0) {
		book = (sg_log){0};
		status = SG_DONE;
	}
	k_mutex_unlock(&lock);
	return status;
}

uint32_t log_room(void)
{
	sg_log log = log_now();
	bool takes_more = log.number == 0 || log.state == SG_LOG_LOGGING;

	return takes_more ? most_packets() - log.packets : 0;
}

void log_wake(void)
{
	k_sem_give(&to_write);
}

/* Erases the sector after the one that this packet begins, writes it, and takes note. */
static void write_packet(const uint8_t *bytes, uint8_t length)
{
	static page next;
	off_t at = page_at(book.packets);
	uint64_t now_us = shoe_us();
	int error = 0;

	next.taken_ms = (now_us - (uint32_t)((uint32_t)now_us - sg_packet_time_us(bytes))) /
			USEC_PER_MSEC;
	next.length = length;
	sg_copy(next.bytes, bytes, length);
	if (book.packets % PAGES_PER_SECTOR == 0 && at + 2 * (off_t)SECTOR <= (off_t)area->fa_size) {
		error = flash_area_erase(area, at + SECTOR, SECTOR);
	}
	error = error ? error : flash_area_write(area, at, &next, sizeof next);
	if (error == 0) {
		note(&next);
	}
	if (error || book.packets == most_packets()) {
		end(SG_LOG_FULL);
		shoe_wake();
	}
}

static void log_thread(void *a, void *b, void *c)
{
	static uint8_t bytes[SG_PACKET_MAX];
	uint8_t length;

	ARG_UNUSED(a);
	ARG_UNUSED(b);
	ARG_UNUSED(c);
	for (;;) {
		(void)k_sem_take(&to_write, K_SECONDS(ALIVE_S));
		do {
			alive_sign(ALIVE_LOG);
			length = 0;
			k_mutex_lock(&lock, K_FOREVER);
			if (book.state == SG_LOG_LOGGING) {
				length = store_next(&reader, bytes);
			}
			if (length > 0) {
				write_packet(bytes, length);
			}
			k_mutex_unlock(&lock);
		} while (length > 0);
	}
}
