#ifndef STUB_MCUBOOT_H
#define STUB_MCUBOOT_H
int boot_write_img_confirmed(void);
#endif
