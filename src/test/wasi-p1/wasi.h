/*
 * WASI preview 1 without a C library: its types, its constants, its 46 functions, and what writes
 * the transcript. A program of this suite defines test(). It makes calls by CALL, which writes the
 * call as it stands in the source and the error code that it gave; what was expected stands in the
 * data file beside the program.
 */
#ifndef WASI_H
#define WASI_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;
typedef u16 errno_t;
typedef u32 fd_t;

typedef struct {
  void *buf;
  u32 len;
} iovec_t;

typedef struct {
  u8 filetype;
  u16 flags;
  u64 rights_base, rights_inheriting;
} fdstat_t;

typedef struct {
  u64 dev, ino;
  u8 filetype;
  u64 nlink, size, atim, mtim, ctim;
} filestat_t;

typedef struct {
  u8 tag;
  u32 name_len;
} prestat_t;

typedef struct {
  u64 next, ino;
  u32 namlen;
  u8 type;
} dirent_t;

typedef struct {
  u64 userdata;
  u8 tag;
  union {
    struct {
      u32 id;
      u64 timeout, precision;
      u16 flags;
    } clock;
    fd_t fd;
  } u;
} subscription_t;

typedef struct {
  u64 userdata;
  u16 error;
  u8 type;
  u64 nbytes;
  u16 flags;
} event_t;

enum { REALTIME, MONOTONIC, PROCESS_CPUTIME, THREAD_CPUTIME };
enum { ADVICE_NORMAL, SEQUENTIAL, RANDOM, WILLNEED, DONTNEED, NOREUSE };
enum { APPEND = 1, DSYNC = 2, NONBLOCK = 4, RSYNC = 8, SYNC = 16 };                /* fdflags */
enum { ATIM = 1, ATIM_NOW = 2, MTIM = 4, MTIM_NOW = 8 };                           /* fstflags */
enum { FOLLOW = 1 };                                                               /* lookupflags */
enum { CREAT = 1, DIR_ONLY = 2, EXCL = 4, TRUNC = 8 };                             /* oflags */
enum { FROM_START, FROM_HERE, FROM_END };                                          /* whence */
enum { CLOCK, FD_READ, FD_WRITE, ABSTIME = 1 };                                    /* poll_oneoff */
enum { SIGNAL_NONE, SIGNAL_ABRT = 6 };
enum { SHUTDOWN_READ = 1, SHUTDOWN_WRITE = 2 };
#define READ (1ull << 1) /* rights */
#define WRITE (1ull << 6)
#define RW (READ | WRITE)

#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
#define FUNCTION(name, ...) IMPORT(name) errno_t name(__VA_ARGS__)

/* A path is a pointer and a length: P("name") makes both of a literal. */
#define P(literal) literal, sizeof(literal) - 1

FUNCTION(args_get, void *pointers, void *bytes);
FUNCTION(args_sizes_get, void *count, void *size);
FUNCTION(environ_get, void *pointers, void *bytes);
FUNCTION(environ_sizes_get, void *count, void *size);
FUNCTION(clock_res_get, u32 id, void *resolution);
FUNCTION(clock_time_get, u32 id, u64 precision, void *time);
FUNCTION(fd_advise, fd_t fd, u64 offset, u64 len, u32 advice);
FUNCTION(fd_allocate, fd_t fd, u64 offset, u64 len);
FUNCTION(fd_close, fd_t fd);
FUNCTION(fd_datasync, fd_t fd);
FUNCTION(fd_fdstat_get, fd_t fd, void *fdstat);
FUNCTION(fd_fdstat_set_flags, fd_t fd, u32 flags);
FUNCTION(fd_fdstat_set_rights, fd_t fd, u64 base, u64 inheriting);
FUNCTION(fd_filestat_get, fd_t fd, void *filestat);
FUNCTION(fd_filestat_set_size, fd_t fd, u64 size);
FUNCTION(fd_filestat_set_times, fd_t fd, u64 atim, u64 mtim, u32 fstflags);
FUNCTION(fd_pread, fd_t fd, const void *iovs, u32 count, u64 offset, void *size);
FUNCTION(fd_prestat_get, fd_t fd, void *prestat);
FUNCTION(fd_prestat_dir_name, fd_t fd, void *path, u32 len);
FUNCTION(fd_pwrite, fd_t fd, const void *iovs, u32 count, u64 offset, void *size);
FUNCTION(fd_read, fd_t fd, const void *iovs, u32 count, void *size);
FUNCTION(fd_readdir, fd_t fd, void *buf, u32 len, u64 cookie, void *size);
FUNCTION(fd_renumber, fd_t fd, fd_t to);
FUNCTION(fd_seek, fd_t fd, s64 offset, u32 whence, void *at);
FUNCTION(fd_sync, fd_t fd);
FUNCTION(fd_tell, fd_t fd, void *at);
FUNCTION(fd_write, fd_t fd, const void *iovs, u32 count, void *size);
FUNCTION(path_create_directory, fd_t fd, const void *path, u32 len);
FUNCTION(path_filestat_get, fd_t fd, u32 lookup, const void *path, u32 len, void *filestat);
FUNCTION(path_filestat_set_times, fd_t fd, u32 lookup, const void *path, u32 len, u64 atim,
         u64 mtim, u32 fstflags);
FUNCTION(path_link, fd_t fd, u32 lookup, const void *path, u32 len, fd_t new_fd,
         const void *new_path, u32 new_len);
FUNCTION(path_open, fd_t fd, u32 lookup, const void *path, u32 len, u32 oflags, u64 base,
         u64 inheriting, u32 fdflags, void *opened);
FUNCTION(path_readlink, fd_t fd, const void *path, u32 len, void *buf, u32 buf_len, void *size);
FUNCTION(path_remove_directory, fd_t fd, const void *path, u32 len);
FUNCTION(path_rename, fd_t fd, const void *path, u32 len, fd_t new_fd, const void *new_path,
         u32 new_len);
FUNCTION(path_symlink, const void *target, u32 target_len, fd_t fd, const void *path, u32 len);
FUNCTION(path_unlink_file, fd_t fd, const void *path, u32 len);
FUNCTION(poll_oneoff, const void *subscriptions, void *events, u32 count, void *size);
IMPORT(proc_exit) _Noreturn void proc_exit(u32 status);
FUNCTION(proc_raise, u32 signal);
FUNCTION(sched_yield);
FUNCTION(random_get, void *buf, u32 len);
FUNCTION(sock_accept, fd_t fd, u32 fdflags, void *accepted);
FUNCTION(sock_recv, fd_t fd, const void *iovs, u32 count, u32 riflags, void *size, void *roflags);
FUNCTION(sock_send, fd_t fd, const void *iovs, u32 count, u32 siflags, void *size);
FUNCTION(sock_shutdown, fd_t fd, u32 how);

/* The transcript goes to standard error, or where a program says that closes it. */
static fd_t transcript = 2;
static char line[2048];
static u32 line_len;

static inline void put_char(char c) {
  if (line_len < sizeof line) {
    line[line_len++] = c;
  }
}

static inline void put(const char *text) {
  while (*text != '\0') {
    put_char(*text++);
  }
}

static inline void put_number(u64 number) {
  char digits[20];
  u32 count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) {
    put_char(digits[--count]);
  }
}

static inline void flush(void) {
  u32 done = 0;
  while (done < line_len) {
    iovec_t rest = {line + done, line_len - done};
    u32 size;
    if (fd_write(transcript, &rest, 1, &size) != 0) {
      __builtin_trap();
    }
    done += size;
  }
  line_len = 0;
}

/* Ends the line before and writes the call, so that it can be seen if it does not come back. */
static inline void begin_call(const char *call, const char *arguments) {
  static u8 started;
  if (started) {
    put_char('\n');
  }
  started = 1;
  put(call);
  put_char('(');
  put(arguments);
  put(") = ");
  flush();
}

static inline errno_t end_call(errno_t error) {
  static const char NAMES[] =
      "SUCCESS 2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT AGAIN ALREADY BADF BADMSG BUSY "
      "CANCELED CHILD CONNABORTED CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DQUOT EXIST FAULT "
      "FBIG HOSTUNREACH IDRM ILSEQ INPROGRESS INTR INVAL IO ISCONN ISDIR LOOP MFILE MLINK MSGSIZE "
      "MULTIHOP NAMETOOLONG NETDOWN NETRESET NETUNREACH NFILE NOBUFS NODEV NOENT NOEXEC NOLCK "
      "NOLINK NOMEM NOMSG NOPROTOOPT NOSPC NOSYS NOTCONN NOTDIR NOTEMPTY NOTRECOVERABLE NOTSOCK "
      "NOTSUP NOTTY NXIO OVERFLOW OWNERDEAD PERM PIPE PROTO PROTONOSUPPORT PROTOTYPE RANGE ROFS "
      "SPIPE SRCH STALE TIMEDOUT TXTBSY XDEV NOTCAPABLE ";
  const char *name = NAMES;
  for (u32 skip = error; skip > 0 && *name != '\0'; name++) {
    skip -= *name == ' ';
  }
  while (*name > ' ') {
    put_char(*name++);
  }
  return error;
}

#define CALL(call, ...) (begin_call(#call, #__VA_ARGS__), end_call(call(__VA_ARGS__)))

/* What the call gave, behind its error code. */
#define SHOW(value) SHOW_AS(#value, value)
#define SHOW_AS(name, value) (put(" " name "="), put_number(value))

/* Bytes that it gave. */
static inline void show_bytes(const void *bytes, u32 len) {
  put(" \"");
  for (u32 i = 0; i < len; i++) {
    u8 byte = ((const u8 *)bytes)[i];
    if (byte >= ' ' && byte <= '~' && byte != '\\' && byte != '"') {
      put_char((char)byte);
    } else {
      put_char('\\');
      put_char("0123456789abcdef"[byte >> 4]);
      put_char("0123456789abcdef"[byte & 15]);
    }
  }
  put_char('"');
}

/* For what is not what the program is about: it must succeed. */
static inline void must(errno_t error) {
  if (error != 0) {
    put(" unexpected ");
    end_call(error);
    flush();
    __builtin_trap();
  }
}

#define DIR 3 /* the first preopened directory */

static inline fd_t open_in(fd_t dir, const char *path, u32 len, u32 oflags, u64 rights) {
  fd_t fd;
  must(path_open(dir, 0, path, len, oflags, rights, rights, 0, &fd));
  return fd;
}
#define OPEN(path, oflags, rights) open_in(DIR, P(path), oflags, rights)

/* The content of a file. */
static inline void show_file(const char *path, u32 len) {
  static char content[256];
  fd_t fd = open_in(DIR, path, len, 0, READ);
  iovec_t iov = {content, sizeof content};
  u32 size;
  must(fd_read(fd, &iov, 1, &size));
  must(fd_close(fd));
  show_bytes(content, size);
}

/* The only argument; none is the empty string. */
static inline const char *argument(void) {
  static char *pointers[4];
  static char bytes[256];
  u32 count, size;
  must(args_sizes_get(&count, &size));
  if (count > 4 || size > sizeof bytes) {
    __builtin_trap();
  }
  must(args_get(pointers, bytes));
  return count > 1 ? pointers[1] : "";
}

static inline int same(const char *a, const char *b) {
  while (*a != '\0' && *a == *b) {
    a++, b++;
  }
  return *a == *b;
}

/* For programs of several cases, of which each may end the program: `which` is the argument. */
#define CASE(name) \
  if (same(which, name)) \
  CALL

void test(void);

__attribute__((export_name("_start"))) void start(void) {
  test();
  put_char('\n');
  flush();
}

#endif
