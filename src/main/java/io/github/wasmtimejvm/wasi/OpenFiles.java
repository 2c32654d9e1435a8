package io.github.wasmtimejvm.wasi;

import java.util.HashSet;
import java.util.Set;

/** Counts the files that a guest has open, of which there may be so many and no more. */
final class OpenFiles {
  private static final int RESULT = 8; // which argument of path_open says where the number goes

  private final int most;
  private final Set<Integer> descriptors = new HashSet<>();
  private int count;

  OpenFiles(int most) {
    this.most = most;
  }

  /** Intercepts {@code path_open}. */
  int open(WasiCall call) throws Throwable {
    if (count >= most) {
      return Errno.MFILE;
    }
    // Before the call: where the result has no place, the engine ends the guest with the file open.
    count++;
    int errno = call.proceed();
    if (errno == Errno.SUCCESS) {
      descriptors.add(call.memory().readInt(call.intArg(RESULT)));
    } else {
      count--;
    }
    return errno;
  }

  /** Intercepts {@code fd_close}. */
  int close(WasiCall call) throws Throwable {
    int errno = call.proceed();
    if (errno == Errno.SUCCESS) {
      closed(call.intArg(0));
    }
    return errno;
  }

  /** Intercepts {@code fd_renumber}, which closes what had the new number. */
  int renumber(WasiCall call) throws Throwable {
    int from = call.intArg(0);
    int to = call.intArg(1);
    int errno = call.proceed();
    if (errno == Errno.SUCCESS && from != to) {
      closed(to);
      if (descriptors.remove(from)) {
        descriptors.add(to);
      }
    }
    return errno;
  }

  private void closed(int descriptor) {
    if (descriptors.remove(descriptor)) {
      count--;
    }
  }
}
