/* Red and green. */
#ifndef LIGHTS_H
#define LIGHTS_H

#include <stdbool.h>
#include <stdint.h>

void lights_init(void);

/* Steady red, for good: the shoe did not start. */
void lights_failed(void);

void lights_red(uint32_t ms);
void lights_green(uint32_t ms);

/* Blink green as long as the pairing window is open. Call it often; it costs nothing. */
void lights_follow_pairing(void);

#endif
