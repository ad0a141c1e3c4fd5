/* The program process of a program without libraries, in C: what sandbox/inside/program.py becomes when it is ready.

   A fork of the interpreter copies thousands of pages for a program that wants none of them; one of this copies a few.
   It says and does on the control socket what program.py does (messages.py), and to a candidate what candidate.py does:
   each step here stands there, with its reason. It serves under the layers seccomp and uid or namespaces only
   (inside/launching.py): a candidate can neither start a process nor leave an object, and whatever this process may
   signal descends from it.

   Arguments: the number of a candidate's first descriptor; 1 where a Landlock rule set is to be entered; how many limits;
   that many pairs of a limit and its amount; then the program's own arguments. The environment is the program's. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL = 64, RULE_SET = 65, ARTEFACT = 66, FILTER = 68 }; /* as in inside/: program, landlock, native, launching */
enum { MOST_DESCRIPTORS = 8, MOST_LIMITS = 32, HIGHEST_DESCRIPTOR = 1024, CANNOT_BE_CLOSED_IN = 70, CANNOT_BE_RUN = 126 };

static const uint32_t OWN_PID = 0xFFFFFFFF; /* stands in the filter for the candidate's process id */

struct limit {
    int what;
    rlim_t amount;
};

static struct sock_filter filter[BPF_MAXINSNS];
static unsigned short filter_length;
static struct limit limits[MOST_LIMITS];
static int limit_count, first, has_rule_set;

struct __attribute__((packed)) started {
    char letter;
    uint64_t cpu_ns;
};

struct __attribute__((packed)) exited {
    char letter;
    int32_t status;
    uint64_t cpu_ns, peak_bytes;
    uint32_t processes_left, objects_left, names_left;
};

static void must(int succeeded) {
    if (!succeeded)
        _exit(CANNOT_BE_CLOSED_IN);
}

static void enter_filter(void) {
    for (unsigned place = 0; place < filter_length; place++)
        if (filter[place].k == OWN_PID)
            filter[place].k = getpid();
    struct sock_fprog program = {filter_length, filter};
    must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0);
}

/* A child of this process becomes the program. Everything that it is not to have is closed when it does. */
static void live(const int *descriptors, int count, char **arguments, char **environment) {
    must(setsid() != -1);
    must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    for (int place = 0; place < count; place++) {
        if (descriptors[place] == first + place)
            must(fcntl(descriptors[place], F_SETFD, 0) == 0);
        else
            must(dup2(descriptors[place], first + place) != -1);
    }
    if (has_rule_set)
        must(syscall(SYS_landlock_restrict_self, RULE_SET, 0) == 0);
    enter_filter();
    struct timespec spent;
    must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent) == 0);
    for (int place = 0; place < limit_count; place++) {
        struct rlimit both = {limits[place].amount, limits[place].amount};
        must(setrlimit(limits[place].what, &both) == 0);
    }
    struct started started = {'S', spent.tv_sec * UINT64_C(1000000000) + spent.tv_nsec};
    must(write(CONTROL, &started, sizeof started) == sizeof started);
    syscall(SYS_execveat, ARTEFACT, "", arguments, environment, AT_EMPTY_PATH);
    _exit(CANNOT_BE_RUN);
}

static uint64_t nanoseconds(const struct rusage *usage) {
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * UINT64_C(1000000000) +
           (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * UINT64_C(1000);
}

/* Wait for the candidate's end, kill what it left, and tell. */
static void reap(pid_t candidate) {
    struct exited exited = {.letter = 'X'};
    struct rusage usage;
    int status, options = WNOHANG;
    pid_t found;
    wait4(candidate, &status, 0, &usage);
    exited.status = status;
    exited.cpu_ns = nanoseconds(&usage);
    exited.peak_bytes = usage.ru_maxrss * UINT64_C(1024);
    while ((found = wait4(-1, &status, options, &usage)) != -1) {
        if (found == 0) {
            kill(-1, SIGKILL);
            options = 0;
            continue;
        }
        options = WNOHANG;
        exited.processes_left++;
        exited.cpu_ns += nanoseconds(&usage);
        if (exited.peak_bytes < usage.ru_maxrss * UINT64_C(1024))
            exited.peak_bytes = usage.ru_maxrss * UINT64_C(1024);
    }
    send(CONTROL, &exited, sizeof exited, MSG_NOSIGNAL);
}

/* Receive a request's descriptors, and return how many; -1 when the judge is gone, or has ended the program. */
static int receive(int *descriptors) {
    char letter;
    struct iovec place = {&letter, 1};
    union {
        char bytes[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
        struct cmsghdr aligned;
    } room;
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = &room, .msg_controllen = sizeof room};
    if (recvmsg(CONTROL, &message, MSG_CMSG_CLOEXEC) != 1 || letter != 'R')
        return -1;
    int count = 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue; /* who sent it, which the judge's sockets tell too */
        count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors, CMSG_DATA(part), count * sizeof(int));
    }
    return count;
}

static void read_arguments(char ***arguments) {
    char **next = *arguments + 1;
    first = atoi(*next++);
    has_rule_set = atoi(*next++);
    limit_count = atoi(*next++);
    must(limit_count <= MOST_LIMITS);
    for (int place = 0; place < limit_count; place++) {
        limits[place].what = atoi(*next++);
        limits[place].amount = strtoull(*next++, NULL, 10);
    }
    *arguments = next;
}

int main(int count, char **arguments, char **environment) {
    must(count > 4);
    must(prctl(PR_SET_DUMPABLE, 0) == 0); /* which exec had undone */
    read_arguments(&arguments);
    ssize_t size = pread(FILTER, filter, sizeof filter, 0);
    must(size > 0 && size % sizeof *filter == 0);
    filter_length = size / sizeof *filter;
    for (int descriptor = 3; descriptor < HIGHEST_DESCRIPTOR; descriptor++) {
        if (descriptor == CONTROL || descriptor == RULE_SET || descriptor == ARTEFACT)
            fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        else
            close(descriptor);
    }
    signal(SIGPIPE, SIG_DFL); /* the interpreter ignored both */
    signal(SIGXFSZ, SIG_DFL);
    int descriptors[MOST_DESCRIPTORS];
    int received;
    while ((received = receive(descriptors)) >= 0) {
        pid_t candidate = fork();
        if (candidate == 0)
            live(descriptors, received, arguments, environment);
        must(candidate != -1);
        for (int place = 0; place < received; place++)
            close(descriptors[place]);
        reap(candidate);
    }
    return 0;
}
