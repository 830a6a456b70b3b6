#include "shoegait_control.h"

#include "shoegait_packet.h"

/* Bytes of each value of commands and answers; 0 ends a row. */
typedef struct {
    uint8_t asked[4];
    uint8_t told[SG_MOST_VALUES];
} layout;

static const layout layouts[] = {
    [SG_START] = {{0}, {0}},
    [SG_STOP] = {{0}, {0}},
    [SG_SET_RATE] = {{4}, {4}},
    [SG_SET_RANGES] = {{4, 4}, {4, 4}},
    [SG_QUERY_TIME] = {{0}, {4, 1}},
    [SG_IDENTIFY] = {{1}, {0}},
    [SG_RESEND] = {{2, 2}, {2, 2}},
    [SG_LOG_START] = {{8}, {2, 4}},
    [SG_LOG_STOP] = {{0}, {0}},
    [SG_LOG_STATUS] = {{2}, {2, 1, 1, 4, 4, 4}},
    [SG_LOG_TIME] = {{2}, {2, 8, 4, 4}},
    [SG_LOG_READ] = {{2, 4, 2}, {4, 2}},
    [SG_LOG_CHECK] = {{2, 4, 4}, {4}},
    [SG_LOG_CLEAR] = {{2, 4, 4}, {0}},
    [SG_LOG_ROOM] = {{0}, {4}},
};

static bool known(uint8_t opcode)
{
    return opcode >= SG_START && opcode <= SG_LOG_ROOM;
}

static size_t total(const uint8_t *widths, size_t most)
{
    size_t sum = 0;

    for (size_t i = 0; i < most && widths[i] > 0; i++) {
        sum += widths[i];
    }
    return sum;
}

sg_status sg_read_command(const uint8_t *data, size_t length, sg_command *command)
{
    const layout *row;

    command->opcode = length > 0 ? data[0] : 0;
    if (length == 0) {
        return SG_MALFORMED;
    }
    if (!known(command->opcode)) {
        return SG_UNKNOWN_OPCODE;
    }
    row = &layouts[command->opcode];
    if (length != 1 + total(row->asked, sizeof row->asked)) {
        return SG_MALFORMED;
    }
    data++;
    for (size_t i = 0; i < sizeof row->asked && row->asked[i] > 0; i++) {
        command->values[i] = 0;
        for (uint8_t byte = 0; byte < row->asked[i]; byte++) {
            command->values[i] |= (uint64_t)*data++ << (8u * byte);
        }
    }
    return SG_DONE;
}

size_t sg_write_answer(const sg_answer *answer, uint8_t bytes[SG_ANSWER_MAX])
{
    size_t length = 2;

    bytes[0] = answer->opcode;
    bytes[1] = (uint8_t)answer->status;
    if (!answer->has_values || !known(answer->opcode)) {
        return length;
    }
    for (size_t i = 0; i < SG_MOST_VALUES && layouts[answer->opcode].told[i] > 0; i++) {
        for (uint8_t byte = 0; byte < layouts[answer->opcode].told[i]; byte++) {
            bytes[length++] = (uint8_t)(answer->values[i] >> (8u * byte) & 0xFFu);
        }
    }
    return length;
}

static bool lacking(uint8_t opcode, uint8_t features)
{
    if (opcode == SG_RESEND) {
        return !(features & SG_RESENDS);
    }
    return opcode >= SG_LOG_START && opcode <= SG_LOG_ROOM && !(features & SG_LOGS);
}

size_t sg_control(const uint8_t *data, size_t length, uint8_t features, sg_do act, void *context,
                  uint8_t bytes[SG_ANSWER_MAX])
{
    sg_command command = {0};
    sg_answer answer = {0};

    answer.status = sg_read_command(data, length, &command);
    answer.opcode = command.opcode;
    if (lacking(command.opcode, features)) {
        answer.status = SG_UNKNOWN_OPCODE;
    }
    if (answer.status == SG_DONE) {
        act(context, &command, &answer);
    }
    return sg_write_answer(&answer, bytes);
}

static uint8_t *put_text(uint8_t *to, const char *text)
{
    for (size_t i = 0; i < SG_TEXT_BYTES; i++) {
        *to++ = (uint8_t)*text;
        if (*text != '\0') {
            text++;
        }
    }
    return to;
}

void sg_write_info(const sg_info *info, uint8_t bytes[SG_INFO_BYTES])
{
    uint8_t *to = bytes;

    *to++ = SG_VERSION;
    *to++ = info->side;
    *to++ = info->features;
    *to++ = info->mounting;
    to = sg_put32(to, info->rate_centihz);
    to = sg_put32(to, info->acc_range_mg);
    to = sg_put32(to, info->gyr_range_mdps);
    to = put_text(to, info->serial);
    (void)put_text(to, info->firmware);
}
