/* Runs the whole application over zephyr_sim.c. Arguments: a case, and where a flash is kept. */
#include "shoegait_control.h"
#include "shoegait_log.h"
#include "shoegait_packet.h"
#include "zephyr_sim.h"

#include <zephyr/bluetooth/gatt.h>
#include <zephyr/drivers/hwinfo.h>
#include <zephyr/fatal.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) check((what), #what, __LINE__)

extern const struct bt_gatt_service_static service, pace_service;

static void check(bool holds, const char *what, int line)
{
    if (!holds) {
        fprintf(stderr, "line %d: not so: %s\n", line, what);
        exit(1);
    }
}

/* The first notification from there since `since`, or NULL. */
static const sim_notified *first_of(int from, size_t since)
{
    for (size_t i = since; i < sim_out_count; i++) {
        if (sim_out[i].from == from) {
            return &sim_out[i];
        }
    }
    return NULL;
}

static size_t count_of(int from, size_t since)
{
    size_t count = 0;

    for (size_t i = since; i < sim_out_count; i++) {
        count += sim_out[i].from == from;
    }
    return count;
}

/* One command of an opcode alone: its answer, which comes within 50 ms. */
static const sim_notified *ask(uint8_t opcode)
{
    size_t before = sim_out_count;
    const sim_notified *answer;

    CHECK(sim_write(&opcode, 1) == 1);
    sim_run_ms(50);
    answer = first_of(SIM_CONTROL, before);
    CHECK(answer != NULL && answer->bytes[0] == opcode);
    return answer;
}

static void begin_log(void)
{
    const uint8_t start[9] = {SG_LOG_START, 1};
    size_t before = sim_out_count;

    CHECK(sim_write(start, sizeof start) == sizeof start);
    sim_run_ms(50);
    CHECK(first_of(SIM_CONTROL, before)->bytes[1] == SG_DONE);
}

static void connect_bonded(uint16_t mtu)
{
    sim_connect(mtu);
    sim_encrypt();
    sim_run_ms(10);
}

static void start_during_a_log(void)
{
    size_t before;
    uint64_t began;

    sim_boot();
    connect_bonded(247);
    begin_log();
    sim_disconnect();
    /* Packets of 19 samples; one of them is begun when the host comes. */
    for (int late = 0; late < 46; late += 5) {
        sim_run_ms(2000 + (uint64_t)late);
        connect_bonded(23);
        before = sim_out_count;
        began = sim_ms();
        CHECK(ask(SG_START)->bytes[1] == SG_DONE);
        sim_run_ms(50);
        CHECK(first_of(SIM_STREAM, before) != NULL);
        CHECK(first_of(SIM_STREAM, before)->length == 20);
        /* One watermark of the sensor later, and not when the ring is over. */
        CHECK(first_of(SIM_STREAM, before)->ms - began <= 100);
        sim_run_ms(1000);
        CHECK(count_of(SIM_STREAM, before) > 300);
        sim_disconnect();
    }
}

static void packets_too_long_for_a_link_are_passed_over(void)
{
    size_t before;

    sim_boot();
    connect_bonded(247);
    ask(SG_START);
    sim_run_ms(1000);
    /* Packets of 236 bytes wait, which the link then carries no more. */
    sim_radio_full = true;
    sim_run_ms(500);
    before = sim_out_count;
    sim_change_mtu(23);
    sim_radio_full = false;
    ask(SG_STOP);
    ask(SG_START);
    sim_run_ms(500);
    CHECK(count_of(SIM_STREAM, before) > 100);
    for (size_t i = before; i < sim_out_count; i++) {
        CHECK(sim_out[i].length <= 20);
    }
}

static void packets_too_long_for_a_link_do_not_hold_up_a_stream(void)
{
    size_t before;

    sim_boot();
    connect_bonded(247);
    ask(SG_START);
    sim_run_ms(1000);
    sim_change_mtu(100);
    before = sim_out_count;
    sim_run_ms(500);
    CHECK(count_of(SIM_STREAM, before) == 0);
    /* All of them were left behind: what the link carries again goes out at once, the newest first. */
    sim_change_mtu(247);
    before = sim_out_count;
    sim_run_ms(100);
    CHECK(count_of(SIM_STREAM, before) <= 3 && count_of(SIM_STREAM, before) >= 1);
}

static void gyroscope_settles(void)
{
    uint64_t began;
    const sim_notified *first;
    uint32_t first_us;

    sim_boot();
    connect_bonded(247);
    sim_run_ms(1000);
    began = sim_ms();
    ask(SG_START);
    sim_run_ms(400);
    first = first_of(SIM_STREAM, 0);
    CHECK(first != NULL);
    first_us = sg_packet_time_us(first->bytes);
    CHECK(first_us >= began * 1000 + 80000 && first_us < began * 1000 + 110000);
    CHECK(!(first->bytes[0] & SG_LOST_BEFORE));
    /* And so again, with the flag, as it sampled before. */
    ask(SG_STOP);
    sim_run_ms(1000);
    began = sim_ms();
    ask(SG_START);
    sim_run_ms(400);
    for (size_t i = 0; i < sim_out_count; i++) {
        if (sim_out[i].from == SIM_STREAM && sim_out[i].ms > began) {
            first_us = sg_packet_time_us(sim_out[i].bytes);
            CHECK(sim_out[i].bytes[0] & SG_LOST_BEFORE);
            CHECK(first_us >= began * 1000 + 80000);
            return;
        }
    }
    CHECK(false);
}

static void what_is_acknowledged_is_carried_out(void)
{
    const uint8_t identify[2] = {SG_IDENTIFY, 2};

    sim_boot();
    connect_bonded(23);
    /* Four wait; the fifth is refused, and not acknowledged and lost. */
    for (int i = 0; i < 4; i++) {
        CHECK(sim_write(identify, 2) == 2);
    }
    CHECK(sim_write(identify, 2) == -0x11);
    sim_run_ms(100);
    CHECK(count_of(SIM_CONTROL, 0) == 4);
    /* An answer for which there is no room waits until there is. */
    sim_radio_full = true;
    CHECK(sim_write(identify, 2) == 2);
    sim_run_ms(100);
    CHECK(count_of(SIM_CONTROL, 0) == 4);
    sim_radio_full = false;
    sim_run_ms(1100);
    CHECK(count_of(SIM_CONTROL, 0) == 5);
    /* A command of a link that is lost is not answered to the next host. */
    CHECK(sim_write(identify, 2) == 2);
    sim_disconnect();
    connect_bonded(23);
    sim_run_ms(100);
    CHECK(count_of(SIM_CONTROL, 0) == 5);
    ask(SG_LOG_ROOM);
    CHECK(count_of(SIM_CONTROL, 0) == 6);
}

static void commands_need_an_encrypted_link(void)
{
    const uint8_t start = SG_START;

    sim_boot();
    sim_connect(23);
    CHECK(sim_write(&start, 1) == -0x0F);
    CHECK(sim_subscribe_pace() == -0x0F);
    sim_encrypt();
    CHECK(sim_write(&start, 1) == 1);
    CHECK(sim_subscribe_pace() == 0);
}

static void strangers_are_dropped(void)
{
    sim_boot();
    sim_connect(23);
    sim_run_ms(29000);
    CHECK(sim_connected());
    sim_run_ms(1500);
    CHECK(!sim_connected());
    /* One that pairs late has time for it; one that is encrypted stays. */
    sim_connect(23);
    sim_run_ms(29000);
    CHECK(sim_pair());
    sim_run_ms(60000);
    CHECK(sim_connected());
}

/* Whether a host that connects now may pair. */
static bool pairs(void)
{
    bool paired;

    sim_connect(23);
    paired = sim_pair();
    sim_disconnect();
    sim_run_ms(10);
    return paired;
}

static void tap_thrice(uint64_t apart_ms)
{
    for (int i = 0; i < 3; i++) {
        sim_tap();
        sim_run_ms(apart_ms);
    }
}

static void pairing_window(void)
{
    sim_boot();
    CHECK(pairs());
    sim_run_ms(118000);
    CHECK(pairs());
    sim_run_ms(3000);
    CHECK(!pairs());
    sim_usb = true;
    CHECK(pairs());
    sim_usb = false;
    CHECK(!pairs());
    /* A motion after a rest; then three taps. */
    sim_run_ms(20000);
    sim_interrupt();
    sim_run_ms(300);
    CHECK(!pairs());
    tap_thrice(400);
    CHECK(pairs());
    CHECK(sim_forgotten == 0 && !sim_red);
    sim_run_ms(118000);
    CHECK(pairs());
    sim_run_ms(3000);
    CHECK(!pairs());
    /* Too slow. */
    sim_run_ms(20000);
    sim_interrupt();
    sim_run_ms(300);
    tap_thrice(1300);
    CHECK(!pairs());
    /* Ten seconds after the motion it has gone back to a few microamperes. */
    sim_run_ms(12000);
    CHECK(sim_register[0x10] == 0x20 && sim_register[0x15] == 0x10);
    tap_thrice(400);
    CHECK(!pairs());
}

static void taps_with_usb_power_forget_all_bonds(void)
{
    sim_usb = true;
    sim_boot();
    sim_run_ms(20000);
    sim_interrupt();
    sim_run_ms(300);
    CHECK(sim_forgotten == 0);
    tap_thrice(300);
    CHECK(sim_forgotten == 1 && sim_red);
    sim_run_ms(2500);
    CHECK(!sim_red);
}

static void green_blinks_while_the_window_is_open(void)
{
    unsigned int before;

    sim_boot();
    sim_run_ms(118000);
    CHECK(sim_green_flashes >= 55 && sim_green_flashes <= 62);
    sim_run_ms(5000);
    before = sim_green_flashes;
    sim_run_ms(60000);
    CHECK(sim_green_flashes == before && !sim_green);
}

static void only_a_reset_from_outside_opens_the_window(void)
{
    sim_reset_cause = RESET_WATCHDOG;
    sim_boot();
    CHECK(!pairs());
}

static void the_button_opens_the_window(void)
{
    sim_reset_cause = RESET_SOFTWARE | RESET_PIN;
    sim_boot();
    CHECK(pairs());
}

static void time_comes_with_the_battery(void)
{
    const sim_notified *answer;

    sim_battery_mv = 4200;
    sim_boot();
    connect_bonded(23);
    answer = ask(SG_QUERY_TIME);
    CHECK(answer->length == 7);
    CHECK(answer->bytes[6] == 100);
}

static void a_battery_that_cannot_be_measured_is_unknown(void)
{
    sim_battery_mv = 0;
    sim_boot();
    connect_bonded(23);
    CHECK(ask(SG_QUERY_TIME)->bytes[6] == 255);
}

static void info_says_what_it_is(void)
{
    uint8_t info[64], feature[4], location[4];

    sim_boot();
    sim_connect(247);
    CHECK(sim_read(&service.attrs[8], info, sizeof info) == 48);
    CHECK(info[0] == 2 && info[2] == (1 | 2 | 4 | 16 | 32));
    CHECK(memcmp(&info[32], "2.0.0", 6) == 0);
    CHECK(sim_read(&pace_service.attrs[5], feature, sizeof feature) == 2);
    CHECK(feature[0] == 4 && feature[1] == 0);
    CHECK(sim_read(&pace_service.attrs[7], location, sizeof location) == 1);
    CHECK(location[0] == 1);
}

static void pace_while_somebody_subscribed(void)
{
    size_t before;

    sim_boot();
    connect_bonded(23);
    CHECK(sim_register[0x0A] == 0);
    CHECK(sim_subscribe_pace() == 0);
    sim_moving = true;
    sim_interrupt();
    sim_run_ms(90000);
    CHECK(sim_register[0x0A] != 0);
    /* It stands still: cadence and speed are 0, which is known, once a second. */
    sim_moving = false;
    sim_run_ms(15000);
    before = sim_out_count;
    sim_run_ms(10000);
    CHECK(count_of(SIM_PACE, before) >= 9 && count_of(SIM_PACE, before) <= 10);
    CHECK(sim_out[before].length == 4);
    CHECK(count_of(SIM_STREAM, 0) == 0);
    /* After a minute it rests, and begins with the next motion. */
    sim_run_ms(40000);
    CHECK(sim_register[0x0A] == 0);
    sim_interrupt();
    sim_run_ms(1500);
    CHECK(sim_register[0x0A] != 0);
    sim_disconnect();
    sim_run_ms(1500);
    CHECK(sim_register[0x0A] == 0);
}

static void fed_while_all_threads_live(void)
{
    sim_boot();
    for (int i = 0; i < 20; i++) {
        unsigned int before = sim_fed;

        sim_run_ms(60000);
        CHECK(sim_fed > before);
    }
    CHECK(sim_confirmed);
}

static void not_fed_where_a_thread_hangs(void)
{
    unsigned int before;

    sim_boot();
    connect_bonded(23);
    ask(SG_START);
    sim_run_ms(5000);
    sim_sensor_hangs = true;
    sim_run_ms(25000);            /* what it showed before still counts once */
    before = sim_fed;
    sim_run_ms(60000);
    CHECK(sim_fed == before);
}

static void motions_do_not_begin_advertising_anew(void)
{
    unsigned int before;

    sim_boot();
    sim_run_ms(70000);
    CHECK(sim_advertise_interval == 1600);
    before = sim_advertised;
    for (int i = 0; i < 200; i++) {
        sim_interrupt();
        sim_run_ms(40);
    }
    CHECK(sim_advertise_interval == 160);
    CHECK(sim_advertised == before + 1);
}

static void answers_go_out_while_it_streams_at_its_most(void)
{
    sim_boot();
    connect_bonded(23);
    CHECK(sim_subscribe_pace() == 0);
    sim_moving = true;
    ask(SG_START);
    for (int i = 0; i < 50; i++) {
        ask(SG_QUERY_TIME);
    }
    CHECK(count_of(SIM_CONTROL, 0) == 51);
}

/* Packets in the log. */
static uint32_t logged(void)
{
    const uint8_t status[3] = {SG_LOG_STATUS};
    size_t before = sim_out_count;
    const uint8_t *answer;

    CHECK(sim_write(status, 3) == 3);
    sim_run_ms(50);
    answer = first_of(SIM_CONTROL, before)->bytes;
    return answer[6] | (uint32_t)answer[7] << 8 | (uint32_t)answer[8] << 16;
}

static void a_log_rests_and_shows_itself_every_hour(void)
{
    uint32_t before, after;

    sim_boot();
    connect_bonded(247);
    sim_interrupt();
    begin_log();
    sim_run_ms(62000);
    before = logged();
    CHECK(before > 1000);
    sim_run_ms(600000);
    CHECK(logged() == before && sim_register[0x0A] == 0);
    for (int hour = 0; hour < 3; hour++) {
        sim_run_ms(3600000);
        after = logged();
        CHECK(after > before && after - before < 60);
        before = after;
        CHECK(sim_register[0x0A] == 0);
    }
    sim_moving = true;
    sim_interrupt();
    sim_run_ms(3000);
    CHECK(logged() > before + 50);
}

/* What was logged is what comes back, in parts, while it streams and logs; and its check is right. */
static void a_log_is_read_while_it_is_written(void)
{
    const uint8_t read[9] = {SG_LOG_READ, 0, 0, 0, 0, 0, 0, 40, 0};
    const uint8_t check_it[11] = {SG_LOG_CHECK, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0};
    uint32_t crc = 0, packets = 0;
    size_t before, live = 0;

    sim_boot();
    connect_bonded(100);
    begin_log();
    sim_moving = true;
    sim_run_ms(4000);
    ask(SG_START);
    before = sim_out_count;
    CHECK(sim_write(read, sizeof read) == sizeof read);
    sim_run_ms(4000);
    for (size_t i = before; i < sim_out_count; i++) {
        const sim_notified *part = &sim_out[i];

        if (part->from == SIM_STREAM && part->bytes[0] >> 4 == 15) {
            crc = sg_crc32(crc, &part->bytes[8], part->length - 8u);
            packets += part->bytes[0] & 1u;
        }
        live += part->from == SIM_STREAM && part->bytes[0] >> 4 == 1;
    }
    CHECK(packets == 40 && live > 100);
    before = sim_out_count;
    CHECK(sim_write(check_it, sizeof check_it) == sizeof check_it);
    sim_run_ms(50);
    CHECK(first_of(SIM_CONTROL, before)->bytes[1] == SG_DONE);
    for (int i = 0; i < 4; i++) {
        CHECK(first_of(SIM_CONTROL, before)->bytes[2 + i] == (crc >> 8 * i & 0xFF));
    }
}

static void keep_flash(const char *path, bool write)
{
    FILE *file = fopen(path, write ? "wb" : "rb");

    CHECK(file != NULL);
    CHECK((write ? fwrite(sim_flash, 1, sim_flash_size, file)
                 : fread(sim_flash, 1, sim_flash_size, file)) == sim_flash_size);
    fclose(file);
}

static void log_until_the_power_goes(const char *path)
{
    sim_boot();
    connect_bonded(247);
    begin_log();
    sim_moving = true;
    sim_run_ms(3000);
    CHECK(ask(SG_LOG_ROOM)->bytes[1] == SG_DONE);
    keep_flash(path, true);
}

static void after_the_power_came_back(const char *path)
{
    const uint8_t status[3] = {SG_LOG_STATUS};
    const uint8_t start[9] = {SG_LOG_START, 1};
    const sim_notified *answer;

    keep_flash(path, false);
    sim_boot();
    connect_bonded(247);
    CHECK(sim_write(status, 3) == 3);
    sim_run_ms(50);
    answer = first_of(SIM_CONTROL, 0);
    CHECK(answer->bytes[1] == SG_DONE && answer->bytes[2] == 1);
    CHECK(answer->bytes[4] == 4);               /* POWER_LOST */
    CHECK(answer->bytes[6] > 50);               /* packets */
    /* One log is all it keeps: none began by itself, and none begins before this is cleared. */
    CHECK(sim_register[0x0A] == 0);
    CHECK(sim_write(start, sizeof start) == sizeof start);
    sim_run_ms(50);
    CHECK(sim_out[sim_out_count - 1].bytes[1] == SG_FULL);
}

static void a_fault_begins_anew(void)
{
    k_sys_fatal_error_handler(4, NULL);
    CHECK(false);
}

#define CASE(name) {#name, name}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    CASE(start_during_a_log),
    CASE(packets_too_long_for_a_link_are_passed_over),
    CASE(packets_too_long_for_a_link_do_not_hold_up_a_stream),
    CASE(gyroscope_settles),
    CASE(what_is_acknowledged_is_carried_out),
    CASE(commands_need_an_encrypted_link),
    CASE(strangers_are_dropped),
    CASE(pairing_window),
    CASE(taps_with_usb_power_forget_all_bonds),
    CASE(green_blinks_while_the_window_is_open),
    CASE(only_a_reset_from_outside_opens_the_window),
    CASE(the_button_opens_the_window),
    CASE(time_comes_with_the_battery),
    CASE(a_battery_that_cannot_be_measured_is_unknown),
    CASE(info_says_what_it_is),
    CASE(pace_while_somebody_subscribed),
    CASE(fed_while_all_threads_live),
    CASE(not_fed_where_a_thread_hangs),
    CASE(motions_do_not_begin_advertising_anew),
    CASE(answers_go_out_while_it_streams_at_its_most),
    CASE(a_log_rests_and_shows_itself_every_hour),
    CASE(a_log_is_read_while_it_is_written),
    CASE(a_fault_begins_anew),
};

int main(int count, char **arguments)
{
    CHECK(count >= 2);
    memset(sim_flash, 0xFF, sim_flash_size);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(arguments[1], cases[i].name) == 0) {
            cases[i].run();
            printf("done\n");
            return 0;
        }
    }
    CHECK(count == 3);
    if (strcmp(arguments[1], "log_until_the_power_goes") == 0) {
        log_until_the_power_goes(arguments[2]);
    } else {
        CHECK(strcmp(arguments[1], "after_the_power_came_back") == 0);
        after_the_power_came_back(arguments[2]);
    }
    printf("done\n");
    return 0;
}
