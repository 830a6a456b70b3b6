#ifndef STUB_HCI_TYPES_H
#define STUB_HCI_TYPES_H
#define BT_HCI_ERR_AUTH_FAIL 0x05
#endif
