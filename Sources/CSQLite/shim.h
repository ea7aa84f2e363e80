// libsqlite3 of the system (Debian: libsqlite3-dev).
#include <sqlite3.h>

// Swift cannot call what takes any number of arguments.

// Refuses statements that change the schema's own tables or the file behind SQLite's back.
static inline int sqlite3_make_defensive(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}
