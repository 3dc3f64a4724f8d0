// The floor: what it costs a program to read the kernel's files of the common set once a second, and nothing else.
// Built and run by this benchmark beside the agent; it ends when its parent does.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    static const char *const names[] = {
        "/proc/stat", "/proc/meminfo", "/proc/loadavg", "/proc/diskstats", "/proc/net/dev", "/proc/net/snmp", "/proc/net/sockstat", "/proc/vmstat",
    };
    enum { count = sizeof names / sizeof *names };
    static char buffer[1 << 17];
    int files[count];
    struct timespec next;
    struct statvfs space;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < count; i++)
        files[i] = open(names[i], O_RDONLY | O_CLOEXEC);
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (;;) {
        for (int i = 0; i < count; i++)
            if (files[i] >= 0 && pread(files[i], buffer, sizeof buffer, 0) < 0)
                return 1;
        statvfs("/", &space);
        next.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
}
