// liblz4 of the system (Debian: liblz4-dev).
#include <lz4.h>
