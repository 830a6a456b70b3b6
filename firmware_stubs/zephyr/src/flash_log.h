/*
 * One log in the external flash. It outlives a reset; a second one needs the first to be cleared, so
 * that none begins by itself after a reset.
 *
 * Sector 0 tells of the log; from sector 1 on each packet has a page of 256 bytes, so that its index
 * is its address. 2 MiB hold 8176 packets: 373 s at 416 Hz. The sector after the one being written is
 * always erased, so that the first empty page is the end, also after a loss of power.
 */
#ifndef FLASH_LOG_H
#define FLASH_LOG_H

#include "shoegait_control.h"
#include "shoegait_log.h"

/* Find the log that is kept, if any. Where this fails, the shoe does not log. */
int log_init(void);

/* SG_DONE, or SG_FULL while a log is kept. */
sg_status log_begin(uint64_t host_ms);
void log_stop(void);
bool log_goes_on(void);

/* Its number, state, packets, times and check; number 0 where none is kept. */
sg_log log_now(void);

/* For LOG_TIME. */
typedef struct {
    uint64_t host_ms;
    uint32_t wait_ms;
    uint32_t since_ms;
} log_times;

log_times log_when(void);

/* Its length, or 0 where there is none. */
uint8_t log_read(uint32_t index, uint8_t bytes[SG_PACKET_MAX]);

/* False where the log ends before. */
bool log_check(uint32_t first, uint32_t count, uint32_t *crc);

/* SG_DONE, SG_BUSY, or SG_MISMATCH. */
sg_status log_clear(uint32_t packets, uint32_t crc);

/* For how many more packets there is room: in this log, or else in a new one. */
uint32_t log_room(void);

/* There are packets to write. */
void log_wake(void);

#endif
