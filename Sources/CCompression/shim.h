// zlib of the system (Debian: zlib1g-dev), and libzstd where it is there.
#include <dlfcn.h>
#include <stddef.h>
#include <zlib.h>

// `inflateInit2` is a macro, which Swift does not see. 15 + 16: a window of any size, and the header of gzip.
static inline int busyhour_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

// The part of zstd's stable interface that unpacks a stream (zstd.h, ZSTD_decompressStream). The library is loaded when a
// file needs it, so that neither a build nor a server depends on it: of a machine without it only such files are refused.
typedef struct {
    const void *start;
    size_t size;
    size_t position;
} busyhour_zstd_input;

typedef struct {
    void *start;
    size_t size;
    size_t position;
} busyhour_zstd_output;

typedef struct {
    void *(*create)(void);
    size_t (*release)(void *);
    size_t (*unpack)(void *, busyhour_zstd_output *, busyhour_zstd_input *);
    unsigned (*is_error)(size_t);
    const char *(*error_name)(size_t);
} busyhour_zstd;

// 1: all functions are there.
static inline int busyhour_zstd_load(busyhour_zstd *functions) {
    void *library = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return 0;
    functions->create = (void *(*)(void))dlsym(library, "ZSTD_createDStream");
    functions->release = (size_t(*)(void *))dlsym(library, "ZSTD_freeDStream");
    functions->unpack =
        (size_t(*)(void *, busyhour_zstd_output *, busyhour_zstd_input *))dlsym(library, "ZSTD_decompressStream");
    functions->is_error = (unsigned (*)(size_t))dlsym(library, "ZSTD_isError");
    functions->error_name = (const char *(*)(size_t))dlsym(library, "ZSTD_getErrorName");
    return functions->create && functions->release && functions->unpack && functions->is_error && functions->error_name;
}
