#ifndef STUB_ADC_H
#define STUB_ADC_H
#include <zephyr/kernel.h>
struct adc_dt_spec { const struct device *dev; uint8_t channel_id; };
#define ADC_DT_SPEC_GET(node) {NULL, (node)}
struct adc_sequence { void *buffer; size_t buffer_size; uint8_t resolution; };
bool adc_is_ready_dt(const struct adc_dt_spec *spec);
int adc_channel_setup_dt(const struct adc_dt_spec *spec);
int adc_sequence_init_dt(const struct adc_dt_spec *spec, struct adc_sequence *sequence);
int adc_read_dt(const struct adc_dt_spec *spec, const struct adc_sequence *sequence);
int adc_raw_to_millivolts_dt(const struct adc_dt_spec *spec, int32_t *value);
#endif
