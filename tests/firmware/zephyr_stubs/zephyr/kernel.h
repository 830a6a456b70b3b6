/*
 * As much of Zephyr's names as the skeleton uses, so that a host compiler can check its syntax, its
 * types and its calls. Not Zephyr: the signatures are those of Zephyr 4.2's headers, and what they do,
 * as far as a test needs it, is in zephyr_sim.c.
 */
#ifndef STUB_KERNEL_H
#define STUB_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CONFIG_SHOE_RING_PACKETS 512
#define CONFIG_SHOE_MOUNTING 2
#define CONFIG_SHOE_STILL_S 60
#define IS_ENABLED(option) STUB_##option
#define STUB_CONFIG_SHOE_RIGHT 0
#define STUB_CONFIG_MCUBOOT_IMG_MANAGER 1

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define ARG_UNUSED(name) (void)(name)
#define BIT(n) (1u << (n))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define BUILD_ASSERT(what, ...) _Static_assert(what, #what)
#define MSEC_PER_SEC 1000
#define USEC_PER_MSEC 1000u
#define USEC_PER_SEC 1000000u

typedef struct { int64_t ticks; } k_timeout_t;
#define K_FOREVER ((k_timeout_t){-1})
#define K_NO_WAIT ((k_timeout_t){0})
#define K_MSEC(ms) ((k_timeout_t){(ms)})
#define K_SECONDS(s) K_MSEC((s) * 1000)

int64_t k_uptime_get(void);
int64_t k_uptime_ticks(void);
uint64_t k_ticks_to_us_floor64(uint64_t ticks);
int32_t k_msleep(int32_t ms);

struct k_sem { int count; };
#define K_SEM_DEFINE(name, initial, limit) struct k_sem name = {(initial) + 0 * (limit)}
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_give(struct k_sem *sem);

struct k_mutex { int owner; };
#define K_MUTEX_DEFINE(name) struct k_mutex name = {0}
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout);
int k_mutex_unlock(struct k_mutex *mutex);

struct k_msgq { size_t size; };
#define K_MSGQ_DEFINE(name, size, count, align)                                                    \
	struct k_msgq name = {(size) * (count)};                                                   \
	_Static_assert((size) % (align) == 0, "a message is a multiple of its alignment")
int k_msgq_put(struct k_msgq *queue, const void *data, k_timeout_t timeout);
int k_msgq_get(struct k_msgq *queue, void *data, k_timeout_t timeout);
void k_msgq_purge(struct k_msgq *queue);

typedef long atomic_val_t;
typedef atomic_val_t atomic_t;
#define ATOMIC_INIT(value) (value)
atomic_val_t atomic_get(const atomic_t *target);
atomic_val_t atomic_set(atomic_t *target, atomic_val_t value);
atomic_val_t atomic_inc(atomic_t *target);
atomic_val_t atomic_dec(atomic_t *target);
atomic_val_t atomic_or(atomic_t *target, atomic_val_t value);
atomic_val_t atomic_clear(atomic_t *target);
unsigned int irq_lock(void);
void irq_unlock(unsigned int key);

struct k_work { void (*handler)(struct k_work *work); };
#define K_WORK_DEFINE(name, function) struct k_work name = {function}
int k_work_submit(struct k_work *work);
struct k_work_delayable { struct k_work work; };
#define K_WORK_DELAYABLE_DEFINE(name, function) struct k_work_delayable name = {{function}}
int k_work_reschedule(struct k_work_delayable *dwork, k_timeout_t delay);
int k_work_cancel_delayable(struct k_work_delayable *dwork);

struct k_thread { int id; };
typedef struct k_thread *k_tid_t;
typedef void (*k_thread_entry_t)(void *a, void *b, void *c);
#define K_THREAD_STACK_DEFINE(name, size) static char name[size]
#define K_THREAD_STACK_SIZEOF(name) sizeof(name)
#define K_PRIO_COOP(n) (-(n))
#define K_PRIO_PREEMPT(n) (n)
k_tid_t k_thread_create(struct k_thread *thread, char *stack, size_t size, k_thread_entry_t entry,
			void *a, void *b, void *c, int priority, uint32_t options,
			k_timeout_t delay);

/* Devicetree: any node is an integer here. */
struct device { int id; };
#define DT_NODELABEL(label) 1
#define DT_ALIAS(label) STUB_ALIAS_##label
#define STUB_ALIAS_led0 2
#define STUB_ALIAS_led1 4
#define STUB_ALIAS_watchdog0 5
#define DT_PATH(...) 3
#define DEVICE_DT_GET(node) ((const struct device *)(uintptr_t)(node))
bool device_is_ready(const struct device *dev);

#endif
