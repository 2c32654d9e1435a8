package io.github.wasmtimejvm.wasi;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which file descriptors of a guest are streams of Java's. The engine has the table of all; it
 * holds an empty stream in the place of each of these, so that it closes, renumbers and describes
 * them as its own, and never gives a number of theirs to another file.
 */
final class Descriptors {
  private final Map<Integer, Object> streams = new HashMap<>();

  /** Puts a stream, {@link Input} or {@link Output}, in place of the engine's. */
  void put(int descriptor, Object stream) {
    streams.put(descriptor, stream);
  }

  @Nullable Input input(int descriptor) {
    return streams.get(descriptor) instanceof Input input ? input : null;
  }

  @Nullable Output output(int descriptor) {
    return streams.get(descriptor) instanceof Output output ? output : null;
  }

  /** Intercepts {@code fd_close}. */
  int close(WasiCall call) throws Throwable {
    int errno = call.proceed();
    if (errno == Errno.SUCCESS) {
      streams.remove(call.intArg(0));
    }
    return errno;
  }

  /** Intercepts {@code fd_renumber}. */
  int renumber(WasiCall call) throws Throwable {
    int from = call.intArg(0);
    int to = call.intArg(1);
    int errno = call.proceed();
    if (errno == Errno.SUCCESS && from != to) {
      Object moved = streams.remove(from);
      if (moved != null) {
        streams.put(to, moved);
      } else {
        streams.remove(to);
      }
    }
    return errno;
  }
}
