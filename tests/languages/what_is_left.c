/* Prints all that a program can find out about what it was started with. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int count, char **arguments, char **environment) {
    for (int place = 0; place < count; place++)
        printf("argument %s\n", arguments[place]);
    for (; *environment; environment++)
        printf("environment %s\n", *environment);
    for (int descriptor = 0; descriptor < 4096; descriptor++) {
        int flags = fcntl(descriptor, F_GETFL);
        if (flags != -1)
            printf("descriptor %d %o %o\n", descriptor, flags, fcntl(descriptor, F_GETFD));
    }
    for (int what = 0; what < RLIM_NLIMITS; what++) {
        struct rlimit limit;
        getrlimit(what, &limit);
        printf("limit %d %lu %lu\n", what, limit.rlim_cur, limit.rlim_max);
    }
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0)
            printf("signal %d %d %d\n", number, action.sa_handler == SIG_IGN, sigismember(&blocked, number));
    }
    char folder[4096];
    printf("folder %s\n", getcwd(folder, sizeof folder) ? folder : strerror(errno));
    printf("leader %d %d\n", getsid(0) == getpid(), getpgid(0) == getpid());
    printf("user %d %d\n", getuid() == geteuid(), getgid() == getegid());
    printf("root %s\n", setuid(0) ? strerror(errno) : "regained");
    printf("priority %d\n", getpriority(PRIO_PROCESS, 0));
    char name[17] = "";
    prctl(PR_GET_NAME, name);
    printf("name %s\n", name);
    return 0;
}
