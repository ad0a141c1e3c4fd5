// What native code can try against the judge and the machine. Standard input: number of the act, port, process id of the
// judge. Prints "worked", or why it did not.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int port, judge;

static long connect_to_the_port(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int made = socket(AF_INET, SOCK_STREAM, 0);
    return made < 0 ? -1 : connect(made, (struct sockaddr *)&to, sizeof to);
}
static long trace_the_judge(void) { return ptrace(PTRACE_SEIZE, judge, 0, 0); }
static long trace_the_parent(void) { return ptrace(PTRACE_SEIZE, getppid(), 0, 0); }
static long read_the_judge(void) {
    char room[8];
    struct iovec here = {room, 8}, there = {(void *)0x400000, 8};
    long got = process_vm_readv(judge, &here, 1, &there, 1, 0);
    return got < 0 && errno == EFAULT ? 0 : got;  // it looked, and nothing was there
}
static long signal_the_judge(void) { return kill(judge, 0); }
static long signal_the_parent(void) { return kill(getppid(), 0); }
static long open_a_file(void) { return open("/etc/passwd", O_RDONLY); }
static long run_a_file_of_memory(void) {
    int made = memfd_create("x", 0);
    if (made < 0) return -1;
    dprintf(made, "#!/bin/echo worked\n");
    return syscall(SYS_execveat, made, "", (char *[]){"x", 0}, (char *[]){0}, AT_EMPTY_PATH);
}
static long run_a_static_program(void) {
    if (access("/usr/sbin/ldconfig", X_OK)) return -1;
    printf("worked\n");
    fflush(stdout);
    execl("/usr/sbin/ldconfig", "ldconfig", "-V", (char *)0);
    printf("\rbut did not: %s\n", strerror(errno));
    exit(0);
}
static long raise_a_limit(void) { return setrlimit(RLIMIT_NOFILE, &(struct rlimit){9, 9}); }
static long reach_the_judges_limits(void) {
    struct rlimit found;
    return syscall(SYS_prlimit64, judge, RLIMIT_NOFILE, 0, &found);
}
static long start_an_io_ring(void) {
    char parameters[120] = {0};
    return syscall(SYS_io_uring_setup, 1, parameters);
}
static long leave_a_key(void) { return syscall(SYS_add_key, "user", "left", "x", 1, KEY_SPEC_USER_KEYRING); }
static long leave_shared_memory(void) { return shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600); }
static long make_a_folder(void) {
    char name[40];
    sprintf(name, "/tmp/attack-%d", getpid());
    return mkdir(name, 0700) ? -1 : rmdir(name);
}
static long start_a_process(void) {
    int pid = fork();
    if (pid == 0) _exit(0);
    return pid < 0 ? -1 : waitpid(pid, 0, 0);
}
static long leave_namespaces(void) { return syscall(SYS_unshare, 0x10000000); }
static long share_memory_without_a_name(void) {
    return mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}
static long outlive_its_parent(void) { return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0); }

static long (*acts[])(void) = {
    connect_to_the_port, trace_the_judge, trace_the_parent, read_the_judge, signal_the_judge, signal_the_parent,
    open_a_file, run_a_file_of_memory, run_a_static_program, raise_a_limit, reach_the_judges_limits, start_an_io_ring,
    leave_a_key, leave_shared_memory, make_a_folder, start_a_process, leave_namespaces, share_memory_without_a_name,
    outlive_its_parent,
};

int main(void) {
    int number;
    if (scanf("%d %d %d", &number, &port, &judge) != 3) return 1;
    errno = 0;
    printf("%s\n", acts[number]() < 0 ? strerror(errno) : "worked");
}
