#ifndef STUB_NRF_POWER_H
#define STUB_NRF_POWER_H
#include <stdbool.h>
#include <stdint.h>
typedef struct { uint32_t USBREGSTATUS; } NRF_POWER_Type;
#define NRF_POWER ((NRF_POWER_Type *)0x40000000UL)
bool nrf_power_usbregstatus_vbusdet_get(NRF_POWER_Type const *p_reg);
#endif
