/* Runs before Rust's own start, which opens `/dev/null` for writing where stdout is closed (`>&-`): the answer would go
 * nowhere, and the status would say that all is well. Whoever discards the answer on purpose hands over such a
 * descriptor himself, so that nothing could be told apart any more. This leaves one that cannot be written to, which
 * `ui` sees. Rust has no safe way to run anything that early. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor)) static void keep_stdout_closed(void) {
    if (fcntl(STDOUT_FILENO, F_GETFD) != -1 || errno != EBADF) {
        return;
    }
    int null = open("/dev/null", O_RDONLY);
    if (null != -1 && null != STDOUT_FILENO) {
        dup2(null, STDOUT_FILENO);
        close(null);
    }
}
