#ifndef STUB_I2C_H
#define STUB_I2C_H
#include <zephyr/kernel.h>
struct i2c_dt_spec { const struct device *bus; uint16_t addr; };
#define I2C_DT_SPEC_GET(node) {NULL, (node)}
bool i2c_is_ready_dt(const struct i2c_dt_spec *spec);
int i2c_reg_write_byte_dt(const struct i2c_dt_spec *spec, uint8_t address, uint8_t value);
int i2c_reg_read_byte_dt(const struct i2c_dt_spec *spec, uint8_t address, uint8_t *value);
int i2c_burst_read_dt(const struct i2c_dt_spec *spec, uint8_t start, uint8_t *buffer, uint32_t size);
#endif
