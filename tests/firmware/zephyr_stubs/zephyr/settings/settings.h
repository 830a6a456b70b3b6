#ifndef STUB_SETTINGS_H
#define STUB_SETTINGS_H
#include <zephyr/kernel.h>
typedef ssize_t (*settings_read_cb)(void *context, void *data, size_t length);
struct settings_handler_static {
	const char *name;
	int (*h_get)(const char *key, char *value, int length);
	int (*h_set)(const char *key, size_t length, settings_read_cb read, void *context);
	int (*h_commit)(void);
	int (*h_export)(int (*export)(const char *name, const void *value, size_t length));
};
#define SETTINGS_STATIC_HANDLER_DEFINE(id, tree, get, set, commit, export)                         \
	const struct settings_handler_static settings_handler_##id = {tree, get, set, commit, export}
int settings_load(void);
int settings_save_one(const char *name, const void *value, size_t length);
int settings_runtime_set(const char *name, const void *value, size_t length);
#endif
