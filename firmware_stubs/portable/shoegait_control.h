/*
 * The control point and the info of a shoegait sensor. docs/protocol.md, "Info", "Control point".
 *
 * Reads commands, lets the caller do what they say, and writes the answer. No state, no memory of
 * its own but one constant table of 160 bytes.
 */
#ifndef SHOEGAIT_CONTROL_H
#define SHOEGAIT_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_VERSION 2u         /* of the protocol */
#define SG_UNKNOWN_PERCENT 255u /* of a battery that cannot be measured */
#define SG_ANSWER_MAX 20u     /* the longest answer, which fits MTU 23 */
#define SG_MOST_VALUES 6u
#define SG_INFO_BYTES 48u
#define SG_TEXT_BYTES 16u

enum sg_opcode {
    SG_START = 1,
    SG_STOP,
    SG_SET_RATE,
    SG_SET_RANGES,
    SG_QUERY_TIME,
    SG_IDENTIFY,
    SG_RESEND,
    SG_LOG_START,
    SG_LOG_STOP,
    SG_LOG_STATUS,
    SG_LOG_TIME,
    SG_LOG_READ,
    SG_LOG_CHECK,
    SG_LOG_CLEAR,
    SG_LOG_ROOM
};

typedef enum {
    SG_DONE = 0,
    SG_UNKNOWN_OPCODE,
    SG_MALFORMED,
    SG_NOT_SUPPORTED,
    SG_BUSY,
    SG_NOT_THERE,
    SG_MISMATCH,
    SG_FULL
} sg_status;

enum sg_feature {
    SG_GYROSCOPE = 1,
    SG_RESENDS = 2,
    SG_LOGS = 4,
    SG_VIBRATES = 8,
    SG_BONDS = 16,
    SG_PACE = 32
};

/* `values` in the order and unit of the table of opcodes; a host time may need all 64 bits. */
typedef struct {
    uint8_t opcode;
    uint64_t values[SG_MOST_VALUES];
} sg_command;

typedef struct {
    uint8_t opcode;
    sg_status status;
    bool has_values;
    uint64_t values[SG_MOST_VALUES];
} sg_answer;

/* SG_DONE, or what to answer: the opcode is set in any case, 0 for an empty command. */
sg_status sg_read_command(const uint8_t *data, size_t length, sg_command *command);

/* The bytes to notify; how many, at most SG_ANSWER_MAX. */
size_t sg_write_answer(const sg_answer *answer, uint8_t bytes[SG_ANSWER_MAX]);

/*
 * Does what a command says. `answer` comes in as DONE without values; set `status`, and `values`
 * with `has_values` where the command has an answer with values.
 */
typedef void (*sg_do)(void *context, const sg_command *command, sg_answer *answer);

/*
 * Everything from what was written to what is notified: how many bytes. Commands of `features`
 * that the shoe lacks are unknown, and never come to `act`.
 */
size_t sg_control(const uint8_t *data, size_t length, uint8_t features, sg_do act, void *context,
                  uint8_t bytes[SG_ANSWER_MAX]);

typedef struct {
    uint8_t side;             /* 1 left, 2 right */
    uint8_t features;
    uint8_t mounting;
    uint32_t rate_centihz;
    uint32_t acc_range_mg;
    uint32_t gyr_range_mdps;
    const char *serial;       /* at most 16 characters of each are told */
    const char *firmware;
} sg_info;

void sg_write_info(const sg_info *info, uint8_t bytes[SG_INFO_BYTES]);

#endif
