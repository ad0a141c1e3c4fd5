"""Which system calls a candidate may make, and their numbers.

A system call that is in none of these groups fails with EPERM; one that is newer than this file, with ENOSYS, so that
the C library falls back to an older one. Each line: name, number on x86_64, number on aarch64; `-` where the machine
has no such call. Sources: asm/unistd_64.h and asm-generic/unistd.h of Linux 6.1.
"""

from __future__ import annotations

from typing import Final

MACHINES: Final = ("x86_64", "aarch64")

NEWEST_KNOWN: Final = 450
"""The highest number in those files."""

Numbers = dict[str, tuple[int | None, ...]]
"""By name, the number on each of `MACHINES`."""


def _read(text: str) -> Numbers:
    rows = [row.split() for row in text.split(",")]
    return {name: tuple(None if number == "-" else int(number) for number in numbers) for name, *numbers in rows}


ALLOWED: Final = _read("""
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69, pwritev 296 70,
close 3 57, close_range 436 436, lseek 8 62, fstat 5 80, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72,
fsync 74 82, fdatasync 75 83, munmap 11 215, mprotect 10 226, mremap 25 216, brk 12 214, madvise 28 233,
msync 26 227, membarrier 324 283, exit 60 93, exit_group 231 94, futex 202 98, futex_waitv 449 449,
set_robust_list 273 99, rseq 334 293, set_tid_address 218 96, gettid 186 178, arch_prctl 158 -, sched_yield 24 124,
sched_getaffinity 204 123, sched_getparam 143 121, sched_getscheduler 145 120, sched_get_priority_max 146 125,
sched_get_priority_min 147 126, sched_rr_get_interval 148 127, getpriority 140 141, getcpu 309 168,
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigtimedwait 128 137,
rt_sigsuspend 130 133, sigaltstack 131 132, restart_syscall 219 128, pause 34 -, alarm 37 -, getitimer 36 102,
setitimer 38 103, nanosleep 35 101, gettimeofday 96 169, time 201 -, times 100 153, getrusage 98 165, getpid 39 172,
getppid 110 173, getpgrp 111 -, getpgid 121 155, getsid 124 156, getuid 102 174, geteuid 107 175, getgid 104 176,
getegid 108 177, getresuid 118 148, getresgid 120 150, getgroups 115 158, uname 63 160, sysinfo 99 179,
getrandom 318 278, getrlimit 97 163, setrlimit 160 164, umask 95 166, capget 125 90, wait4 61 260, waitid 247 95
""")
"""What a Python program needs that computes, reads and writes what is open, and starts threads."""

NO_DESCRIPTOR: Final = _read("""
open 2 -, openat 257 56, openat2 437 437, creat 85 -, socket 41 198, socketpair 53 199, accept 43 202,
accept4 288 242, pipe 22 -, pipe2 293 59, dup 32 23, dup2 33 -, dup3 292 24, eventfd 284 -, eventfd2 290 19,
epoll_create 213 -, epoll_create1 291 20, timerfd_create 283 85, signalfd 282 -, signalfd4 289 74,
inotify_init 253 -, inotify_init1 294 26, memfd_create 319 279, memfd_secret 447 447
""")
"""Fail with EMFILE, as they do without this layer: there is no descriptor to be had."""

NO_NAME: Final = _read("""
stat 4 -, lstat 6 -, newfstatat 262 79, access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -,
readlinkat 267 78, statx 332 291, statfs 137 43, chdir 80 49, getcwd 79 17, mkdir 83 -, mkdirat 258 34, rmdir 84 -,
unlink 87 -, unlinkat 263 35, rename 82 -, renameat 264 38, renameat2 316 276, link 86 -, linkat 265 37, symlink 88 -,
symlinkat 266 36, mknod 133 -, mknodat 259 33, truncate 76 45, chmod 90 -, fchmodat 268 53, chown 92 -, lchown 94 -,
fchownat 260 54, utime 132 -, utimes 235 -, utimensat 280 88, futimesat 261 -
""")
"""Fail with ENOENT, as they do in an empty root: there is no file system."""

FORBIDDEN: Final = _read("""
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440,
process_mrelease 448 448, kcmp 312 272, pidfd_open 434 434, pidfd_getfd 438 438, pidfd_send_signal 424 424,
keyctl 250 219, add_key 248 217, request_key 249 218, shmget 29 194, shmat 30 196, shmctl 31 195, shmdt 67 197,
semget 64 190, semop 65 193, semctl 66 191, semtimedop 220 192, msgget 68 186, msgsnd 69 189, msgrcv 70 188,
msgctl 71 187, mq_open 240 180, mq_unlink 241 181, io_uring_setup 425 425, io_uring_enter 426 426,
io_uring_register 427 427, bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, unshare 272 97, setns 308 268,
mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, move_mount 429 429, open_tree 428 428,
fsopen 430 430, fsconfig 431 431, fsmount 432 432, fspick 433 433, mount_setattr 442 442, init_module 175 105,
finit_module 313 273, delete_module 176 106, kexec_load 246 104, kexec_file_load 320 294, reboot 169 142,
swapon 167 224, swapoff 168 225, iopl 172 -, ioperm 173 -
""")
"""End the program: no right program makes them. They reach into other processes, leave things behind, or are known as
ways into the kernel."""

BY_ARGUMENT: Final = _read("""
clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115,
mmap 9 222, clone 56 220, clone3 435 435, kill 62 129, tgkill 234 131, rt_sigqueueinfo 129 138,
rt_tgsigqueueinfo 297 240, prlimit64 302 261, fcntl 72 25, ioctl 16 29, prctl 157 167
""")
"""Allowed or not by what they are asked (`seccomp`)."""

BECOMING: Final = _read("""
execveat 322 281
""")
"""Made once by a candidate that becomes a program that was built (`native`)."""

FOR_EVENTS: Final = _read("""
epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, pipe2 293 59,
eventfd2 290 19
""")
"""What such a program may open beside, where it may have a descriptor: it waits by them."""

WITH_FILES: Final = _read("""
execve 59 221, socketpair 53 199, open 2 -, openat 257 56, creat 85 -, pipe 22 -, pipe2 293 59, dup 32 23, dup2 33 -,
dup3 292 24, eventfd2 290 19,
epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441,
timerfd_create 283 85, timerfd_settime 286 86, memfd_create 319 279, fcntl 72 25, flock 73 32,
stat 4 -, lstat 6 -, newfstatat 262 79, access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -,
readlinkat 267 78, statx 332 291, statfs 137 43, fstatfs 138 44, chdir 80 49, fchdir 81 50, getcwd 79 17, mkdir 83 -,
mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, rename 82 -, renameat 264 38, renameat2 316 276,
link 86 -, linkat 265 37, symlink 88 -, symlinkat 266 36, truncate 76 45, ftruncate 77 46, fallocate 285 47,
chmod 90 -, fchmod 91 52, fchmodat 268 53, utimensat 280 88, getdents 78 -, getdents64 217 61, fadvise64 221 223,
sendfile 40 71, copy_file_range 326 285, splice 275 76, setpgid 109 154, setsid 112 157, mincore 27 232,
sched_setaffinity 203 122
""")
"""What a runtime needs beside `ALLOWED` to start: it opens files, those that the other layers leave to it."""

WITH_PROCESSES: Final = _read("""
execveat 322 281, fork 57 -, vfork 58 -, clone 56 220, mmap 9 222
""")
"""What a compiler or a shell needs besides."""

MADE_BY_THE_SANDBOX: Final = _read("""
seccomp 317 277, landlock_create_ruleset 444 444, landlock_add_rule 445 445, landlock_restrict_self 446 446,
sched_setattr 314 274, sched_getattr 315 275, ioprio_set 251 30, ioprio_get 252 31
""")


def on(machine: str, group: Numbers) -> dict[str, int]:
    """Return the numbers of a group's calls on one of `MACHINES`, those that it lacks left out.

    Raises:
        ValueError: no numbers are known for that machine.
    """
    if machine not in MACHINES:
        raise ValueError(f"no table of system calls for {machine!r}")
    column = MACHINES.index(machine)
    return {name: number for name, numbers in group.items() if (number := numbers[column]) is not None}


def number(machine: str, name: str) -> int:
    """Return the number of a call that the sandbox itself makes; raises as `on` does."""
    return on(machine, MADE_BY_THE_SANDBOX | FORBIDDEN)[name]
