/*
 * Strides are cut at the quietest moment of each stance: little rotation, and a specific force near
 * 1 g. Between two of them orientation, velocity and path are integrated. The foot moves as fast at
 * the end as it did at the beginning, so the mean specific force of the stride is gravity: that
 * says which way is up, whatever way the sensor sits, and what to take off the acceleration. What
 * is left is the way from stance to stance. A moment that was no stance gives another gravity than
 * 1 g, and is passed over.
 *
 * No stride is kept in memory: the integration goes on, `best` is where it stood at the quietest
 * moment so far, and what came after that moment is turned to its axes once it is the new start.
 *
 * gait/virtual/pace.py does the same in the same order, and says where the numbers come from.
 */
#include "shoegait_pace.h"

#define G_M_S2 9.80665f
#define RAD_PER_DEG 0.01745329252f

/* How still it is: (rate / 5 rad/s)^2 + ((force - 1 g) / 24 m/s^2)^2, ONE for 1. */
#define ONE 65536u
#define ACC_WEIGHT 170970u
#define ACC_WEIGHT_PER 1000000000u
#define GYR_WEIGHT 124771u
#define GYR_WEIGHT_PER 10000000000000u
#define WINDOWS_PER_S 50u
#define MOST_UNREST (100u * ONE)
#define STANCE_UNREST (3u * ONE)
#define RISE_UNREST (ONE * 3u / 10u)
#define RISE_TIMES 8u
#define STILL_UNREST (ONE / 200u)
#define RESTING_UNREST (ONE / 50u)
#define STILL_US 1500000u

#define LEAST_CENTIHZ 5000u
#define MOST_CENTIHZ 200000u
#define LEAST_ACC_MG 1000u
#define MOST_ACC_MG 400000u
#define LEAST_GYR_MDPS 100000u
#define MOST_GYR_MDPS 10000000u
#define AFTER_STANCE_US 120000u
#define AGAIN_US 300000u
#define LONGEST_WAIT_US 1000000u
#define SHORTEST_US 400000u
#define LONGEST_US 2200000u
#define SLOWEST_M_S 0.3f
#define FASTEST_M_S 12.0f
#define MOST_OFF_G 0.08f
#define CLIPPED_SHARE 10u
#define LEAST_ALONG 0.985f
#define ODD_FORCE 0.5f
#define ODD_FORCE_S 2.5f
#define HEIGHT_M 0.08f

#define AGREEING 3u
#define TIME_AGREES 5u         /* to a fifth */
#define SPEED_AGREES 3u        /* to a third */
#define FRESH_STRIDES 3u
#define FRESH_US 500000u
#define SPAN_STRIDES 6u
#define REST_SPEED 0.3f
#define WALKING_REST 0.335f
#define LEAST_REST 0.08f
#define SLOWEST_RUN_M_S 1.3f
#define FASTEST_WALK_M_S 2.7f

static float seconds(uint32_t us)
{
    return (float)us * 1e-6f;
}

static void copy(float *to, const float *from, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        to[i] = from[i];
    }
}

static float dot(const float u[3], const float v[3])
{
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

/*
 * 1 / sqrt(x) of an IEEE 754 number above 0, to the last digit or two: a guess from its bits (Lomont
 * 2003) and three steps of Newton's. sqrtf would want a library, or a compiler that is told so.
 */
static float inverse_root(float x)
{
    union {
        float value;
        uint32_t bits;
    } y;

    y.value = x;
    y.bits = 0x5f375a86u - (y.bits >> 1);
    for (unsigned int i = 0; i < 3; i++) {
        y.value *= 1.5f - 0.5f * x * y.value * y.value;
    }
    return y.value;
}

static float size_of(const float u[3])
{
    float x = dot(u, u);

    return x > 0.0f ? x * inverse_root(x) : 0.0f;
}

static float between(float a, float b)
{
    return a > b ? a - b : b - a;
}

/* u -= times v */
static void take_off(float u[3], const float v[3], float times)
{
    for (unsigned int i = 0; i < 3; i++) {
        u[i] -= times * v[i];
    }
}

static void scale(float u[3], float by)
{
    for (unsigned int i = 0; i < 3; i++) {
        u[i] *= by;
    }
}

static void turn(float v[3], const float q[4])
{
    float x = v[0], y = v[1], z = v[2];
    float tx = 2.0f * (q[2] * z - q[3] * y);
    float ty = 2.0f * (q[3] * x - q[1] * z);
    float tz = 2.0f * (q[1] * y - q[2] * x);

    v[0] = x + q[0] * tx + q[2] * tz - q[3] * ty;
    v[1] = y + q[0] * ty + q[3] * tx - q[1] * tz;
    v[2] = z + q[0] * tz + q[1] * ty - q[2] * tx;
}

static void multiply(float out[4], const float p[4], const float q[4])
{
    out[0] = p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3];
    out[1] = p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2];
    out[2] = p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1];
    out[3] = p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0];
}

static void turn_round(float back[4], const float q[4])
{
    back[0] = q[0];
    for (unsigned int i = 1; i < 4; i++) {
        back[i] = -q[i];
    }
}

/* The velocity of a point HEIGHT_M above the ground that turns about the ground. */
static void rolling(float out[3], const float rate[3], const float up[3])
{
    out[0] = HEIGHT_M * (rate[1] * up[2] - rate[2] * up[1]);
    out[1] = HEIGHT_M * (rate[2] * up[0] - rate[0] * up[2]);
    out[2] = HEIGHT_M * (rate[0] * up[1] - rate[1] * up[0]);
}

/* The whole part of the square root, exactly. */
static int32_t whole_root(uint32_t x)
{
    uint32_t root = 0;

    for (uint32_t bit = 1u << 30; bit > 0; bit >>= 2) {
        if (x >= root + bit) {
            x -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return (int32_t)root;
}

/* Samples were lost: what began before them does not go on after them. */
static void forget(sg_pace *pace)
{
    pace->filled = 0;
    pace->next = 0;
    for (unsigned int i = 0; i < 6; i++) {
        pace->sums[i] = 0;
    }
    pace->now = (sg_pace_moment){.pose = {1.0f, 0.0f, 0.0f, 0.0f}};
    pace->has_before = false;
    pace->has_start = false;
    pace->has_start_rise = false;
    pace->has_best = false;
    pace->has_rise = false;
    pace->has_up = false;
    pace->resting = false;
    pace->still = false;
}

void sg_pace_init(sg_pace *pace, uint32_t rate_centihz, uint32_t acc_range_mg,
                  uint32_t gyr_range_mdps)
{
    uint64_t acc = acc_range_mg, gyr = gyr_range_mdps;
    uint32_t window;

    *pace = (sg_pace){0};
    if (rate_centihz < LEAST_CENTIHZ || rate_centihz > MOST_CENTIHZ ||
        acc_range_mg < LEAST_ACC_MG || acc_range_mg > MOST_ACC_MG ||
        gyr_range_mdps < LEAST_GYR_MDPS || gyr_range_mdps > MOST_GYR_MDPS) {
        return;
    }
    pace->works = true;
    pace->acc_unit = (float)acc_range_mg * (G_M_S2 / 1000.0f / 32768.0f);
    pace->gyr_unit = (float)gyr_range_mdps * (RAD_PER_DEG / 1000.0f / 32768.0f);
    pace->one_g = (int32_t)((32768u * 1000u + acc_range_mg / 2u) / acc_range_mg);
    pace->acc_weight = (uint32_t)(acc * acc * ACC_WEIGHT / ACC_WEIGHT_PER);
    pace->gyr_weight = (uint32_t)(gyr * gyr * GYR_WEIGHT / GYR_WEIGHT_PER);
    window = rate_centihz / (100u * WINDOWS_PER_S) | 1u;
    pace->window = (uint8_t)(window < SG_PACE_WINDOW ? window : SG_PACE_WINDOW);
    pace->step_us = 100000000u / rate_centihz;
    forget(pace);
}

/* Of the mean of the window, in which the ringing of a landing is evened out. */
static uint32_t unrest_of(sg_pace *pace)
{
    int32_t mean[6];
    uint32_t force = 0, turning = 0;
    int64_t off;
    uint64_t unrest;

    for (unsigned int i = 0; i < 6; i++) {
        mean[i] = pace->sums[i] / (int32_t)pace->window;
    }
    for (unsigned int i = 0; i < 3; i++) {
        force += (uint32_t)(mean[i] * mean[i]);
        turning += (uint32_t)(mean[3 + i] * mean[3 + i]);
        pace->now.force[i] = (float)mean[i] * pace->acc_unit;
    }
    off = whole_root(force) - pace->one_g;
    unrest = ((uint64_t)(off * off) * pace->acc_weight >> 24) +
             ((uint64_t)turning * pace->gyr_weight >> 24);
    return unrest < MOST_UNREST ? (uint32_t)unrest : MOST_UNREST;
}

/* What the sensor did in `us` since the last call: its pose, velocity and path go on. */
static void integrate(sg_pace *pace, const int16_t sample[6], uint32_t us)
{
    sg_pace_moment *now = &pace->now;
    float half = 0.5f * seconds(us);
    float step[4], pose[4], force[3], by, norm;

    for (unsigned int i = 0; i < 3; i++) {
        float rate = (float)sample[3 + i] * pace->gyr_unit;

        force[i] = (float)sample[i] * pace->acc_unit;
        step[1 + i] = (rate + now->rate[i]) * half;
        now->rate[i] = rate;
    }
    if (!pace->has_before) {
        pace->has_before = true;
        copy(pace->force, force, 3);
        return;
    }
    by = 0.5f + dot(&step[1], &step[1]) * (1.0f / 24.0f);   /* tan(angle / 2) / angle */
    step[0] = 1.0f;
    scale(&step[1], by);
    multiply(pose, now->pose, step);
    norm = inverse_root(pose[0] * pose[0] + dot(&pose[1], &pose[1]));
    for (unsigned int i = 0; i < 4; i++) {
        now->pose[i] = pose[i] * norm;
    }
    turn(force, now->pose);
    for (unsigned int i = 0; i < 3; i++) {
        float old = now->velocity[i];

        now->velocity[i] += half * (force[i] + pace->force[i]);
        now->path[i] += half * (old + now->velocity[i]);
        pace->force[i] = force[i];
    }
    now->elapsed_us += us;
    for (unsigned int i = 0; i < 6; i++) {
        if (sample[i] == INT16_MAX || sample[i] == INT16_MIN) {
            now->clipped_us += us;
            break;
        }
    }
    if (pace->has_up) {
        float moving[3];
        uint32_t since_us = now->elapsed_us;

        copy(moving, now->velocity, 3);
        if (pace->has_best && pace->best.unrest < RESTING_UNREST) {
            take_off(moving, pace->best.velocity, 1.0f);
            since_us -= pace->best.elapsed_us;
        }
        take_off(moving, pace->up, seconds(since_us));
        if (dot(moving, moving) < pace->rest_m_s * pace->rest_m_s) {
            now->rested_us += us;
        }
    }
}

static void keep(sg_pace *pace)
{
    pace->best = pace->now;
    pace->has_best = true;
    pace->has_rise = false;
}

/* Go on from this moment (best or now), along the axes that the sensor had then. */
static void begin(sg_pace *pace, const sg_pace_moment *stance)
{
    sg_pace_moment *now = &pace->now;
    uint32_t since_us = now->elapsed_us - stance->elapsed_us;
    float back[4], pose[4];

    copy(pace->start_rate, stance->rate, 3);
    pace->start_unrest = stance->unrest;
    turn_round(back, stance->pose);
    multiply(pose, back, now->pose);
    take_off(now->path, stance->path, 1.0f);
    take_off(now->path, stance->velocity, seconds(since_us));
    turn(now->path, back);
    take_off(now->velocity, stance->velocity, 1.0f);
    turn(now->velocity, back);
    now->rested_us -= stance->rested_us;
    now->clipped_us -= stance->clipped_us;
    now->elapsed_us = since_us;
    copy(now->pose, pose, 4);
    turn(pace->force, back);
    pace->has_start = true;
    pace->start_rise_us = pace->rise_us;
    pace->has_start_rise = pace->has_rise;
    pace->has_best = false;
    pace->has_up = false;
}

static void add(sg_pace *pace, const sg_pace_stride *stride)
{
    if (pace->strides == SG_PACE_STRIDES) {
        for (unsigned int i = 1; i < SG_PACE_STRIDES; i++) {
            pace->stride[i - 1u] = pace->stride[i];
        }
        pace->strides--;
    }
    pace->stride[pace->strides++] = *stride;
}

static float speed_of(const sg_pace_stride *stride)
{
    return stride->length_m / seconds(stride->period_us);
}

/* From push-off to push-off where that is sharp, else from stance to stance. */
static uint32_t period_of(const sg_pace *pace, uint32_t span_us)
{
    uint32_t unrest = pace->start_unrest > pace->best.unrest ? pace->start_unrest
                                                              : pace->best.unrest;

    if (unrest * RISE_TIMES < RISE_UNREST && pace->has_rise && pace->has_start_rise) {
        uint64_t between_us = pace->rise_us - pace->start_rise_us;

        if (between_us > span_us / 2u && between_us < 2u * span_us) {
            return (uint32_t)between_us;
        }
    }
    return span_us;
}

/* The stride from the last stance to `best`, whose axes and up become those of the next. */
static void measure(sg_pace *pace, uint64_t us)
{
    sg_pace_moment *best = &pace->best;
    sg_pace_stride stride = {.span_us = best->elapsed_us};
    float span_s = seconds(stride.span_us);
    float up[3], rate[3], first[3], last[3], gained[3], way[3], back[4];
    float size = size_of(best->velocity), speed;

    if (best->unrest > STANCE_UNREST || size < 0.5f * G_M_S2 * span_s) {
        return;
    }
    /* Which way is up, first as if it was still at both ends, then with how it rolls there. */
    copy(up, best->velocity, 3);
    scale(up, 1.0f / size);
    copy(rate, best->rate, 3);
    turn(rate, best->pose);
    rolling(first, pace->start_rate, up);
    rolling(last, rate, up);
    copy(gained, best->velocity, 3);
    take_off(gained, last, 1.0f);
    take_off(gained, first, -1.0f);
    size = size_of(gained);
    if (between(size / (span_s * G_M_S2), 1.0f) > MOST_OFF_G ||
        /* up is elsewhere than in the last stride */
        (pace->has_up && dot(pace->up, gained) < LEAST_ALONG * size_of(pace->up) * size)) {
        if (best->unrest < pace->start_unrest) {
            begin(pace, best);
        }
        return;
    }
    copy(up, gained, 3);
    scale(up, 1.0f / size);
    /* v(t) = first + what force gave - gained t / span, and over the whole span: */
    copy(way, best->path, 3);
    take_off(way, gained, 0.5f * span_s);
    take_off(way, first, -span_s);
    take_off(way, up, dot(way, up));
    stride.length_m = size_of(way);
    stride.period_us = period_of(pace, stride.span_us);
    stride.has_rest = pace->has_up;
    stride.rested_us = best->rested_us;
    stride.end_us = us;
    speed = speed_of(&stride);
    turn_round(back, best->pose);
    turn(up, back);
    scale(up, size / span_s);
    take_off(best->force, up, 1.0f);
    if (size_of(best->force) > ODD_FORCE * G_M_S2 + ODD_FORCE_S * speed) {
        if (best->unrest < pace->start_unrest) {
            begin(pace, best);
        }
        return;
    }
    begin(pace, best);
    pace->has_up = true;
    copy(pace->up, up, 3);
    pace->rest_m_s = REST_SPEED * speed;
    if (CLIPPED_SHARE * best->clipped_us > stride.span_us) {
        return;
    }
    if (speed > SLOWEST_M_S && speed < FASTEST_M_S) {
        add(pace, &stride);
    }
}

static void stance_over(sg_pace *pace, uint64_t us)
{
    pace->has_best = false;
    if (!pace->has_start || pace->best.elapsed_us > LONGEST_US) {
        begin(pace, &pace->best);
    } else if (pace->best.elapsed_us >= SHORTEST_US) {
        measure(pace, us);
    } else if (pace->best.unrest < pace->start_unrest) {
        begin(pace, &pace->best);
    } else if (!pace->has_start_rise) {
        pace->has_start_rise = pace->has_rise;
        pace->start_rise_us = pace->rise_us;
    }
}

/* Is this the quietest moment of a stance, or is the stance over? */
static void look(sg_pace *pace, uint32_t unrest, uint64_t us)
{
    uint32_t least, since_us;

    if (unrest >= STILL_UNREST) {
        pace->resting = false;
    } else if (!pace->resting) {
        pace->resting = true;
        pace->still_since_us = us;
    }
    pace->still = pace->resting && us - pace->still_since_us >= STILL_US;
    if (pace->still) {
        pace->strides = 0;
    }
    pace->now.unrest = unrest;
    if (!pace->has_best || unrest < pace->best.unrest) {
        keep(pace);
        return;
    }
    least = RISE_TIMES * pace->best.unrest;
    if (unrest <= (least > RISE_UNREST ? least : RISE_UNREST)) {
        pace->has_rise = false;
    } else if (!pace->has_rise) {
        pace->has_rise = true;
        pace->rise_us = us;
    }
    since_us = pace->now.elapsed_us - pace->best.elapsed_us;
    if (pace->has_rise && since_us > AFTER_STANCE_US) {
        stance_over(pace, us);
    } else if ((since_us > AGAIN_US && unrest < STILL_UNREST) || since_us > LONGEST_WAIT_US) {
        keep(pace);
        if (pace->now.elapsed_us > LONGEST_US) {
            begin(pace, &pace->best);
        }
    }
}

void sg_pace_push(sg_pace *pace, const int16_t sample[6], uint64_t us, bool lost_before)
{
    uint64_t since_us = us - pace->last_us;
    const sg_pace_sample *middle;
    sg_pace_sample *slot;

    if (!pace->works) {
        return;
    }
    if (pace->running_clock) {
        if (us <= pace->last_us) {
            pace->strides = 0;
        }
        if (lost_before || us <= pace->last_us || since_us >= 2u * pace->step_us) {
            forget(pace);
        }
    }
    pace->running_clock = true;
    pace->last_us = us;
    slot = &pace->ring[pace->next];
    for (unsigned int i = 0; i < 6; i++) {
        if (pace->filled == pace->window) {
            pace->sums[i] -= slot->sample[i];
        }
        pace->sums[i] += sample[i];
        slot->sample[i] = sample[i];
    }
    slot->since_us = (uint32_t)since_us;
    pace->next = (uint8_t)(pace->next + 1u == pace->window ? 0u : pace->next + 1u);
    if (pace->filled < pace->window) {
        pace->filled++;
        if (pace->filled < pace->window) {
            return;
        }
    }
    middle = &pace->ring[(pace->next + pace->window / 2u) % pace->window];
    /* The window is short: its middle is so much older than its end. */
    pace->middle_us = us;
    for (unsigned int i = pace->window / 2u + 1u; i < pace->window; i++) {
        pace->middle_us -= pace->ring[(pace->next + i) % pace->window].since_us;
    }
    integrate(pace, middle->sample, middle->since_us);
    look(pace, unrest_of(pace), pace->middle_us);
}

/* The mean of the two in the middle. */
static uint32_t middle_of(const uint32_t values[SG_PACE_STRIDES])
{
    uint32_t sorted[SG_PACE_STRIDES];

    for (unsigned int i = 0; i < SG_PACE_STRIDES; i++) {
        unsigned int at = i;

        for (; at > 0 && sorted[at - 1u] > values[i]; at--) {
            sorted[at] = sorted[at - 1u];
        }
        sorted[at] = values[i];
    }
    return (sorted[SG_PACE_STRIDES / 2u - 1u] + sorted[SG_PACE_STRIDES / 2u]) / 2u;
}

static uint32_t apart(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

size_t sg_pace_measurement(const sg_pace *pace, uint64_t now_us, uint8_t bytes[SG_PACE_BYTES])
{
    uint32_t periods_us[SG_PACE_STRIDES], speeds[SG_PACE_STRIDES];
    uint32_t usual_us, usual, count = 0, period_us = 0, span_us = 0, rested_us = 0, told;
    uint64_t end_us;
    float length_m = 0.0f, speed;
    bool running;

    if (!pace->works || !pace->running_clock) {
        return 0;
    }
    if (pace->still && (now_us <= pace->last_us || now_us - pace->last_us < STILL_US)) {
        bytes[0] = bytes[1] = bytes[2] = bytes[3] = 0;
        return SG_PACE_BYTES;
    }
    if (pace->strides < SG_PACE_STRIDES) {
        return 0;
    }
    for (unsigned int i = 0; i < SG_PACE_STRIDES; i++) {
        periods_us[i] = pace->stride[i].period_us;
        speeds[i] = (uint32_t)(speed_of(&pace->stride[i]) * 1000.0f);
    }
    usual_us = middle_of(periods_us);
    usual = middle_of(speeds);
    end_us = pace->stride[SG_PACE_STRIDES - 1u].end_us;
    if ((now_us > end_us && now_us - end_us > FRESH_STRIDES * usual_us + FRESH_US) ||
        end_us - pace->stride[0].end_us > SPAN_STRIDES * usual_us) {
        return 0;
    }
    for (unsigned int i = 0; i < SG_PACE_STRIDES; i++) {
        const sg_pace_stride *stride = &pace->stride[i];

        if (TIME_AGREES * apart(periods_us[i], usual_us) > usual_us ||
            SPEED_AGREES * apart(speeds[i], usual) > usual) {
            continue;
        }
        count++;
        period_us += stride->period_us;
        length_m += stride->length_m;
        if (stride->has_rest) {
            span_us += stride->span_us;
            rested_us += stride->rested_us;
        }
    }
    if (count < AGREEING || (float)rested_us <= LEAST_REST * (float)span_us) {
        return 0;
    }
    /* Where in the stance a stride was cut matters to its span, hardly to its length. */
    speed = length_m / seconds(period_us);
    running = speed > FASTEST_WALK_M_S || (float)rested_us < WALKING_REST * (float)span_us;
    if (running && speed < SLOWEST_RUN_M_S) {
        return 0;
    }
    bytes[0] = running ? SG_PACE_RUNNING : 0;
    told = (uint32_t)(speed * 256.0f + 0.5f);
    bytes[1] = (uint8_t)(told & 0xFFu);
    bytes[2] = (uint8_t)(told >> 8 & 0xFFu);
    told = (120000000u * count + period_us / 2u) / period_us;
    bytes[3] = (uint8_t)(told < 255u ? told : 255u);
    return SG_PACE_BYTES;
}
