#include "zephyr_sim.h"

#include <hal/nrf_power.h>
#include <zephyr/bluetooth/bluetooth.h>
#include <zephyr/bluetooth/conn.h>
#include <zephyr/bluetooth/gatt.h>
#include <zephyr/bluetooth/services/bas.h>
#include <zephyr/dfu/mcuboot.h>
#include <zephyr/drivers/adc.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/hwinfo.h>
#include <zephyr/drivers/i2c.h>
#include <zephyr/drivers/watchdog.h>
#include <zephyr/fatal.h>
#include <zephyr/kernel.h>
#include <zephyr/settings/settings.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/reboot.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define NEVER UINT64_MAX
#define STACK (256 * 1024)
#define RED 2
#define GREEN 4

static void fail(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(2);
}

/* Time, threads and work. */

typedef struct {
    ucontext_t context;
    k_thread_entry_t entry;
    struct k_sem *waits;
    uint64_t until;
    int result;
    bool begun;
} thread;

static uint64_t now_us;
static thread threads[4];
static int thread_count, running = -1;
static ucontext_t scheduler;
static struct k_work *submitted[8];
static struct {
    struct k_work_delayable *work;
    uint64_t at;
} delayed[8];

int64_t k_uptime_get(void) { return (int64_t)(now_us / 1000); }
int64_t k_uptime_ticks(void) { return (int64_t)now_us; }
uint64_t k_ticks_to_us_floor64(uint64_t ticks) { return ticks; }
uint64_t sim_ms(void) { return now_us / 1000; }

int32_t k_msleep(int32_t ms)
{
    threads[running].waits = NULL;
    threads[running].until = now_us + (uint64_t)ms * 1000;
    swapcontext(&threads[running].context, &scheduler);
    return 0;
}

static void begin_thread(void)
{
    threads[running].entry(NULL, NULL, NULL);
    threads[running].until = NEVER;
    threads[running].waits = NULL;
    for (;;) {
        swapcontext(&threads[running].context, &scheduler);
    }
}

k_tid_t k_thread_create(struct k_thread *made, char *stack, size_t size, k_thread_entry_t entry,
                        void *a, void *b, void *c, int priority, uint32_t options,
                        k_timeout_t delay)
{
    thread *next = &threads[thread_count++];

    (void)stack, (void)size, (void)a, (void)b, (void)c, (void)priority, (void)options, (void)delay;
    getcontext(&next->context);
    next->context.uc_stack.ss_sp = malloc(STACK);
    next->context.uc_stack.ss_size = STACK;
    next->entry = entry;
    next->until = 0;
    makecontext(&next->context, begin_thread, 0);
    return made;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
    thread *self = &threads[running];

    if (sem->count > 0) {
        sem->count--;
        return 0;
    }
    if (timeout.ticks == 0) {
        return -EBUSY;
    }
    self->waits = sem;
    self->until = timeout.ticks < 0 ? NEVER : now_us + (uint64_t)timeout.ticks * 1000;
    swapcontext(&self->context, &scheduler);
    return self->result;
}

void k_sem_give(struct k_sem *sem) { sem->count = 1; }
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout)
{
    (void)timeout;
    mutex->owner++;
    return 0;
}
int k_mutex_unlock(struct k_mutex *mutex)
{
    if (--mutex->owner < 0) {
        fail("a lock was let go that nobody held");
    }
    return 0;
}
unsigned int irq_lock(void) { return 0; }
void irq_unlock(unsigned int key) { (void)key; }

static uint8_t queued[4][64];
static int queue_count;

int k_msgq_put(struct k_msgq *queue, const void *data, k_timeout_t timeout)
{
    (void)timeout;
    if (queue_count == 4) {
        return -ENOMSG;
    }
    memcpy(queued[queue_count++], data, queue->size / 4);
    return 0;
}

int k_msgq_get(struct k_msgq *queue, void *data, k_timeout_t timeout)
{
    (void)timeout;
    if (queue_count == 0) {
        return -ENOMSG;
    }
    memcpy(data, queued[0], queue->size / 4);
    memmove(queued[0], queued[1], sizeof queued - sizeof queued[0]);
    queue_count--;
    return 0;
}

atomic_val_t atomic_get(const atomic_t *target) { return *target; }
atomic_val_t atomic_set(atomic_t *target, atomic_val_t value)
{
    atomic_val_t before = *target;

    *target = value;
    return before;
}
atomic_val_t atomic_inc(atomic_t *target) { return (*target)++; }
atomic_val_t atomic_dec(atomic_t *target) { return (*target)--; }
atomic_val_t atomic_or(atomic_t *target, atomic_val_t value)
{
    atomic_val_t before = *target;

    *target |= value;
    return before;
}
atomic_val_t atomic_clear(atomic_t *target) { return atomic_set(target, 0); }

int k_work_submit(struct k_work *work)
{
    for (int i = 0; i < 8; i++) {
        if (submitted[i] == work || submitted[i] == NULL) {
            submitted[i] = work;
            return 1;
        }
    }
    fail("too much work");
    return 0;
}

int k_work_cancel_delayable(struct k_work_delayable *work)
{
    for (int i = 0; i < 8; i++) {
        if (delayed[i].work == work) {
            delayed[i].work = NULL;
        }
    }
    return 0;
}

int k_work_reschedule(struct k_work_delayable *work, k_timeout_t delay)
{
    (void)k_work_cancel_delayable(work);
    for (int i = 0; i < 8; i++) {
        if (delayed[i].work == NULL) {
            delayed[i].work = work;
            delayed[i].at = now_us + (uint64_t)delay.ticks * 1000;
            return 1;
        }
    }
    fail("too much delayed work");
    return 0;
}

/* The motion sensor: registers, and a FIFO of samples that stand upright or are shaken. */

#define PERIOD_US 2404
#define SAMPLES_OF_WATERMARK 19u

bool sim_moving, sim_sensor_hangs;
uint8_t sim_register[128] = {[0x0F] = 0x6A};
static gpio_callback_handler_t on_edge;
static uint64_t next_sample_us = NEVER;
static uint32_t in_fifo, sample_number;

static void edge(void)
{
    static struct gpio_callback callback;

    if (on_edge != NULL) {
        on_edge(NULL, &callback, 2);
    }
}

bool i2c_is_ready_dt(const struct i2c_dt_spec *spec)
{
    (void)spec;
    return true;
}

int i2c_reg_write_byte_dt(const struct i2c_dt_spec *spec, uint8_t address, uint8_t value)
{
    static uint64_t changed_us;

    (void)spec;
    if (address == 0x10 && value != sim_register[address]) {
        changed_us = now_us;
    }
    sim_register[address] = value;
    /* The first samples at another rate or range are far from the ones before: like a motion. */
    if (address == 0x5E && value != 0 &&
        now_us - changed_us < (sim_register[0x10] >> 4 == 2 ? 2 * 38462 : 2 * PERIOD_US)) {
        edge();
    }
    if (address == 0x0A) {
        in_fifo = value == 0 ? 0 : in_fifo;
        next_sample_us = value == 0 ? NEVER : now_us + PERIOD_US;
    }
    return 0;
}

int i2c_reg_read_byte_dt(const struct i2c_dt_spec *spec, uint8_t address, uint8_t *value)
{
    (void)spec;
    *value = sim_register[address];
    return 0;
}

int i2c_burst_read_dt(const struct i2c_dt_spec *spec, uint8_t start, uint8_t *to, uint32_t size)
{
    static struct k_sem never;

    (void)spec;
    if (sim_sensor_hangs) {
        (void)k_sem_take(&never, K_FOREVER);
    }
    memset(to, 0, size);
    if (start == 0x3A) {
        to[0] = (uint8_t)(in_fifo * 6);
        to[1] = (uint8_t)(in_fifo * 6 >> 8);
        return 0;
    }
    for (uint32_t at = 0; at + 12 <= size; at += 12) {
        uint32_t number = sample_number - in_fifo--;
        int16_t z = (int16_t)(2048 + (sim_moving ? (number % 8) * 256 : 0));

        memcpy(&to[at + 10], &z, 2);
    }
    return 0;
}

void sim_interrupt(void)
{
    if (sim_register[0x5E] & 0x20) {
        edge();
    }
}

void sim_tap(void)
{
    sim_interrupt();
    if ((sim_register[0x5E] & 0x40) && (sim_register[0x58] & 0x0E) && sim_register[0x10] >> 4 >= 6) {
        sim_register[0x1C] = 0x60;
        edge();
    }
}

static void take_sample(void)
{
    sample_number++;
    next_sample_us += PERIOD_US;
    if (++in_fifo == SAMPLES_OF_WATERMARK) {
        edge();
    }
}

/* Lights, battery, watchdog, reset, settings. */

bool sim_red, sim_green, sim_usb, sim_confirmed;
unsigned int sim_green_flashes, sim_fed;
uint32_t sim_reset_cause;
int sim_battery_mv = 3800;

bool gpio_is_ready_dt(const struct gpio_dt_spec *spec)
{
    (void)spec;
    return true;
}
int gpio_pin_configure_dt(const struct gpio_dt_spec *spec, uint32_t flags)
{
    (void)spec, (void)flags;
    return 0;
}
int gpio_pin_interrupt_configure_dt(const struct gpio_dt_spec *spec, uint32_t flags)
{
    (void)spec, (void)flags;
    return 0;
}
int gpio_pin_set_dt(const struct gpio_dt_spec *spec, int value)
{
    if (spec->pin == RED) {
        sim_red = value;
    } else if (spec->pin == GREEN) {
        sim_green_flashes += value && !sim_green;
        sim_green = value;
    }
    return 0;
}
void gpio_init_callback(struct gpio_callback *callback, gpio_callback_handler_t handler,
                        uint32_t pins)
{
    (void)callback, (void)pins;
    on_edge = handler;
}
int gpio_add_callback(const struct device *port, struct gpio_callback *callback)
{
    (void)port, (void)callback;
    return 0;
}
bool nrf_power_usbregstatus_vbusdet_get(NRF_POWER_Type const *power)
{
    (void)power;
    return sim_usb;
}
bool adc_is_ready_dt(const struct adc_dt_spec *spec)
{
    (void)spec;
    return true;
}
int adc_channel_setup_dt(const struct adc_dt_spec *spec)
{
    (void)spec;
    return 0;
}
int adc_sequence_init_dt(const struct adc_dt_spec *spec, struct adc_sequence *sequence)
{
    (void)spec, (void)sequence;
    return 0;
}
int adc_read_dt(const struct adc_dt_spec *spec, const struct adc_sequence *sequence)
{
    (void)spec, (void)sequence;
    return sim_battery_mv > 0 ? 0 : -EIO;
}
int adc_raw_to_millivolts_dt(const struct adc_dt_spec *spec, int32_t *value)
{
    (void)spec;
    *value = sim_battery_mv * 510 / 1510;
    return 0;
}
int bt_bas_set_battery_level(uint8_t level)
{
    (void)level;
    return 0;
}
bool device_is_ready(const struct device *device)
{
    (void)device;
    return true;
}
int wdt_install_timeout(const struct device *device, const struct wdt_timeout_cfg *timeout)
{
    (void)device;
    return timeout->flags == WDT_FLAG_RESET_SOC ? 0 : -EINVAL;
}
int wdt_setup(const struct device *device, uint8_t options)
{
    (void)device, (void)options;
    return 0;
}
int wdt_feed(const struct device *device, int channel)
{
    (void)device, (void)channel;
    sim_fed++;
    return 0;
}
int boot_write_img_confirmed(void)
{
    sim_confirmed = true;
    return 0;
}
void sys_reboot(int type)
{
    (void)type;
    printf("rebooted\n");
    exit(0);
}
ssize_t hwinfo_get_device_id(uint8_t *buffer, size_t length)
{
    memset(buffer, 0x42, length);
    return (ssize_t)length;
}
int hwinfo_get_reset_cause(uint32_t *cause)
{
    *cause = sim_reset_cause;
    return 0;
}
int hwinfo_clear_reset_cause(void) { return 0; }
int settings_load(void) { return 0; }
int settings_save_one(const char *name, const void *value, size_t length)
{
    (void)name, (void)value, (void)length;
    return 0;
}
int settings_runtime_set(const char *name, const void *value, size_t length)
{
    (void)name, (void)value, (void)length;
    return 0;
}
uint16_t sys_get_le16(const uint8_t from[2]) { return (uint16_t)(from[0] | from[1] << 8); }
uint32_t sys_get_be32(const uint8_t from[4])
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}
int snprintk(char *text, size_t size, const char *format, ...)
{
    va_list values;
    int length;

    va_start(values, format);
    length = vsnprintf(text, size, format, values);
    va_end(values);
    return length;
}

/* The flash: what is erased is all ones, and writing only clears bits. */

uint8_t sim_flash[2048 * 1024];
size_t sim_flash_size = sizeof sim_flash;
static struct flash_area whole = {1, 0, sizeof sim_flash};

int flash_area_open(uint8_t id, const struct flash_area **area)
{
    (void)id;
    *area = &whole;
    return 0;
}
int flash_area_read(const struct flash_area *area, off_t at, void *to, size_t length)
{
    (void)area;
    memcpy(to, &sim_flash[at], length);
    return 0;
}
int flash_area_write(const struct flash_area *area, off_t at, const void *from, size_t length)
{
    const uint8_t *bytes = from;

    (void)area;
    for (size_t i = 0; i < length; i++) {
        sim_flash[(size_t)at + i] &= bytes[i];
    }
    return 0;
}
int flash_area_erase(const struct flash_area *area, off_t at, size_t length)
{
    (void)area;
    memset(&sim_flash[at], 0xFF, length);
    return 0;
}

/* The radio: one link, which carries a notification after 15 ms. */

#define CARRIED_US 15000

struct bt_conn {
    int references;
    uint16_t mtu;
    bt_security_t security;
    bool pace;
};

extern const struct bt_gatt_service_static service, pace_service;
extern struct bt_conn_cb bt_conn_cb_connection;
const bt_addr_le_t bt_addr_le_any;

sim_notified sim_out[SIM_MOST];
size_t sim_out_count;
bool sim_radio_full;
unsigned int sim_forgotten, sim_advertised;
uint32_t sim_advertise_interval;
static struct bt_conn link;
static bool linked;
static const struct bt_conn_auth_cb *pairing;
static struct {
    void (*sent)(struct bt_conn *conn, void *data);
    uint64_t at;
} carried[CONFIG_BT_ATT_TX_COUNT];

struct bt_conn *bt_conn_ref(struct bt_conn *conn)
{
    conn->references++;
    return conn;
}
void bt_conn_unref(struct bt_conn *conn)
{
    if (--conn->references < 0) {
        fail("a link was let go that nobody held");
    }
}
int bt_enable(void (*ready)(int error))
{
    (void)ready;
    return 0;
}
int bt_set_name(const char *name)
{
    (void)name;
    return 0;
}
int bt_conn_auth_cb_register(const struct bt_conn_auth_cb *callbacks)
{
    pairing = callbacks;
    return 0;
}
bt_security_t bt_conn_get_security(const struct bt_conn *conn) { return conn->security; }
int bt_conn_disconnect(struct bt_conn *conn, uint8_t reason)
{
    (void)conn, (void)reason;
    sim_disconnect();
    return 0;
}
int bt_unpair(uint8_t id, const bt_addr_le_t *address)
{
    (void)id;
    if (address == BT_ADDR_LE_ANY) {
        sim_forgotten++;
    }
    return 0;
}
int bt_le_adv_start(const struct bt_le_adv_param *how, const struct bt_data *said, size_t count,
                    const struct bt_data *answered, size_t answers)
{
    size_t length = 0, answer = 0;

    for (size_t i = 0; i < count; i++) {
        length += 2u + said[i].data_len;
    }
    for (size_t i = 0; i < answers; i++) {
        answer += 2u + answered[i].data_len;
    }
    if (length > 31 || answer > 31) {
        fail("an advertisement of more than 31 bytes");
    }
    sim_advertised++;
    sim_advertise_interval = how->interval_min;
    return 0;
}
int bt_le_adv_stop(void) { return 0; }
uint16_t bt_gatt_get_mtu(struct bt_conn *conn) { return conn->mtu; }
bool bt_gatt_is_subscribed(struct bt_conn *conn, const struct bt_gatt_attr *attr, uint16_t type)
{
    return attr == &pace_service.attrs[2] && type == BT_GATT_CCC_NOTIFY && conn->pace;
}

/* As in Zephyr, -ENOMEM says two things: no buffer, and more than the MTU carries. */
int bt_gatt_notify_cb(struct bt_conn *conn, struct bt_gatt_notify_params *what)
{
    sim_notified *out = &sim_out[sim_out_count];

    if (sim_radio_full || what->len > conn->mtu - 3) {
        return -ENOMEM;
    }
    for (int i = 0; i < CONFIG_BT_ATT_TX_COUNT; i++) {
        if (carried[i].sent == NULL) {
            if (sim_out_count == SIM_MOST) {
                fail("too many notifications");
            }
            carried[i].sent = what->func;
            carried[i].at = now_us + CARRIED_US;
            *out = (sim_notified){.ms = sim_ms(), .length = what->len};
            out->from = what->attr == &service.attrs[2]   ? SIM_STREAM
                        : what->attr == &service.attrs[5] ? SIM_CONTROL
                                                          : SIM_PACE;
            memcpy(out->bytes, what->data, what->len);
            sim_out_count++;
            return 0;
        }
    }
    fail("the stack has no buffer left, and waits for one");
    return -ENOMEM;
}

ssize_t bt_gatt_attr_read(struct bt_conn *conn, const struct bt_gatt_attr *attr, void *to,
                          uint16_t most, uint16_t offset, const void *value, uint16_t length)
{
    uint16_t there = (uint16_t)(length - offset);

    (void)conn, (void)attr;
    there = there < most ? there : most;
    memcpy(to, (const uint8_t *)value + offset, there);
    return there;
}

void sim_connect(uint16_t mtu)
{
    link = (struct bt_conn){.mtu = mtu, .security = BT_SECURITY_L1};
    linked = true;
    bt_conn_cb_connection.connected(&link, 0);
}

void sim_change_mtu(uint16_t mtu) { link.mtu = mtu; }
bool sim_connected(void) { return linked; }

void sim_disconnect(void)
{
    linked = false;
    for (int i = 0; i < CONFIG_BT_ATT_TX_COUNT; i++) {
        carried[i].sent = NULL;
    }
    bt_conn_cb_connection.disconnected(&link, 0x13);
    bt_conn_cb_connection.recycled();
}

void sim_encrypt(void) { link.security = BT_SECURITY_L2; }

bool sim_pair(void)
{
    static const struct bt_conn_pairing_feat just_works = {3, 0, 9, 16, 7, 7};
    enum bt_security_err said = pairing->pairing_accept(&link, &just_works);

    if (said == BT_SECURITY_ERR_SUCCESS) {
        sim_encrypt();
    } else if (said != BT_SECURITY_ERR_PAIR_NOT_SUPPORTED) {
        fail("refused, but not with 0x05, to which Zephyr turns PAIR_NOT_SUPPORTED alone");
    }
    return said == BT_SECURITY_ERR_SUCCESS;
}

static bool may_write(const struct bt_gatt_attr *attr)
{
    return (attr->perm & BT_GATT_PERM_WRITE) ||
           ((attr->perm & BT_GATT_PERM_WRITE_ENCRYPT) && link.security >= BT_SECURITY_L2);
}

int sim_write(const uint8_t *bytes, uint16_t length)
{
    const struct bt_gatt_attr *attr = &service.attrs[5];

    return may_write(attr) ? (int)attr->write(&link, attr, bytes, length, 0, 0) : -0x0F;
}

int sim_subscribe_pace(void)
{
    if (!may_write(&pace_service.attrs[3])) {
        return -0x0F;
    }
    link.pace = true;
    return 0;
}

size_t sim_read(const void *of, uint8_t *bytes, size_t most)
{
    const struct bt_gatt_attr *attr = of;

    if (attr->perm != BT_GATT_PERM_READ) {
        return 0;
    }
    return (size_t)attr->read(&link, attr, bytes, (uint16_t)most, 0);
}

/* What comes next. */

static bool work_now(void)
{
    for (int i = 0; i < 8; i++) {
        struct k_work *work = submitted[i];

        if (work != NULL) {
            submitted[i] = NULL;
            work->handler(work);
            return true;
        }
        if (delayed[i].work != NULL && delayed[i].at <= now_us) {
            work = &delayed[i].work->work;
            delayed[i].work = NULL;
            work->handler(work);
            return true;
        }
    }
    return false;
}

static bool radio_now(void)
{
    for (int i = 0; i < CONFIG_BT_ATT_TX_COUNT; i++) {
        if (carried[i].sent != NULL && carried[i].at <= now_us) {
            void (*sent)(struct bt_conn *conn, void *data) = carried[i].sent;

            carried[i].sent = NULL;
            sent(&link, NULL);
            return true;
        }
    }
    return false;
}

static bool thread_now(void)
{
    for (int i = 0; i < thread_count; i++) {
        thread *next = &threads[i];
        bool given = next->waits != NULL && next->waits->count > 0;

        if (given || next->until <= now_us) {
            if (given) {
                next->waits->count--;
            }
            next->result = given ? 0 : -EAGAIN;
            next->waits = NULL;
            next->until = NEVER;
            running = i;
            swapcontext(&scheduler, &next->context);
            running = -1;
            return true;
        }
    }
    return false;
}

static uint64_t next_event(uint64_t before)
{
    uint64_t next = MIN(before, next_sample_us);

    for (int i = 0; i < thread_count; i++) {
        next = MIN(next, threads[i].until);
    }
    for (int i = 0; i < 8; i++) {
        next = delayed[i].work != NULL ? MIN(next, delayed[i].at) : next;
    }
    for (int i = 0; i < CONFIG_BT_ATT_TX_COUNT; i++) {
        next = carried[i].sent != NULL ? MIN(next, carried[i].at) : next;
    }
    return next;
}

void sim_run_ms(uint64_t ms)
{
    uint64_t end = now_us + ms * 1000;

    for (;;) {
        while (work_now() || radio_now() || thread_now()) {
        }
        if (now_us >= end) {
            return;
        }
        now_us = next_event(end);
        if (next_sample_us <= now_us) {
            take_sample();
        }
    }
}

int shoe_main(void);

static void begin_main(void *a, void *b, void *c)
{
    (void)a, (void)b, (void)c;
    (void)shoe_main();
}

void sim_boot(void)
{
    static struct k_thread main_thread;

    (void)k_thread_create(&main_thread, NULL, 0, begin_main, NULL, NULL, NULL, 0, 0, K_NO_WAIT);
    sim_run_ms(500);
}
