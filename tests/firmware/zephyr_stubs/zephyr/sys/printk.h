#ifndef STUB_PRINTK_H
#define STUB_PRINTK_H
#include <zephyr/kernel.h>
__attribute__((format(printf, 3, 4))) int snprintk(char *text, size_t size, const char *format, ...);
#endif
