"""Bluetooth LE: find shoe sensors, connect, and stream what they send. Nothing is decoded here."""

from gait.ble.listening import FoundSensor, listening, scan
from gait.ble.radio import Radio, adapter_status
from gait.ble.stream import ShoeStream

__all__ = ["FoundSensor", "Radio", "ShoeStream", "adapter_status", "listening", "scan"]
