#ifndef STUB_FLASH_MAP_H
#define STUB_FLASH_MAP_H
#include <zephyr/kernel.h>
struct flash_area { uint8_t fa_id; off_t fa_off; size_t fa_size; };
#define FIXED_PARTITION_ID(label) 1
int flash_area_open(uint8_t id, const struct flash_area **area);
int flash_area_read(const struct flash_area *area, off_t at, void *to, size_t length);
int flash_area_write(const struct flash_area *area, off_t at, const void *from, size_t length);
int flash_area_erase(const struct flash_area *area, off_t at, size_t length);
#endif
