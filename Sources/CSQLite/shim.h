// libsqlite3 of the system (Debian: libsqlite3-dev).
#include <sqlite3.h>
