/* The LSM6DS3TR-C: 416 Hz, +-16 g, +-2000 deg/s, through its FIFO. */
#ifndef IMU_H
#define IMU_H

#include <stdbool.h>
#include <stdint.h>

/* What info tells: full scale of the value 32768, from the sensitivities of the data sheet. */
#define IMU_RATE_CENTIHZ 41600u
#define IMU_ACC_RANGE_MG 15991u      /* 0.488 mg a step */
#define IMU_GYR_RANGE_MDPS 2293760u  /* 70 mdeg/s a step */

/* 0, or a negative errno where the sensor does not answer or is another. */
int imu_init(void);

/* Sample, or watch for motion with a few microamperes. Returns at once. */
void imu_sample(bool on);

/* Seconds since it last moved. */
uint32_t imu_still_s(void);

#endif
