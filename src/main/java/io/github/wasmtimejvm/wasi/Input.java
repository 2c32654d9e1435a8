package io.github.wasmtimejvm.wasi;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Java's that guests read from. Mostly they read on their own thread. Where a guest
 * wants to know whether there is something, or may be stopped while it waits, another thread reads
 * ahead; what no guest took is there for the next one.
 */
final class Input {
  /** The process's own standard input. */
  static final Input INHERITED = new Input(new FileInputStream(FileDescriptor.in));

  private static final int BUFFER = 64 * 1024;
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final InputStream stream;
  private byte[] buffer = new byte[0]; // under this, as all below
  private int start;
  private int end;
  private boolean atEnd;
  private @Nullable Throwable failure;
  private boolean reading;
  private @Nullable Thread waiting;

  Input(InputStream stream) {
    this.stream = stream;
  }

  /** In front of {@code fd_read}. */
  static int read(WasiCall call, Descriptors descriptors, boolean interruptible) throws Throwable {
    Input input = descriptors.input(call.intArg(0));
    Vector vector = input == null ? null : Vector.of(call, interruptible);
    if (input == null || vector == null) {
      return call.proceed();
    }
    if (vector.length() == 0) {
      // Who reads nothing gets nothing. Of no buffer: another thread may change them, and the
      // engine would wait for its own input.
      return call.proceed(call.intArg(0), call.intArg(1), 0, call.intArg(3));
    }
    // Unsigned, and no more than a piece.
    int most = (int) Math.min(Integer.toUnsignedLong(vector.length()), BUFFER);
    byte[] bytes = input.read(most, interruptible);
    // Only what is filled must lie in the memory.
    if (bytes.length > 0 && !call.memory().contains(vector.address(), bytes.length)) {
      return call.refuse(vector.address(), bytes.length);
    }
    if (bytes.length > 0) {
      call.memory().write(vector.address(), bytes);
    }
    if (!Vector.hasResult(call)) {
      return call.proceed(); // ends the guest
    }
    call.memory().writeInt(call.intArg(3), bytes.length);
    return Errno.SUCCESS;
  }

  /** Returns some bytes, none at the end. */
  private byte[] read(int most, boolean interruptible) throws Throwable {
    if (!interruptible && !isAhead()) {
      return direct(most);
    }
    try (Pause pause = new Pause(interruptible)) {
      byte[] taken = take(most);
      while (taken == null) {
        pause.park(FOR_EVER);
        taken = take(most);
      }
      return taken;
    }
  }

  private byte[] direct(int most) throws IOException {
    byte[] bytes = new byte[most];
    int count = stream.read(bytes);
    return count <= 0 ? new byte[0] : Arrays.copyOf(bytes, count);
  }

  private synchronized boolean isAhead() {
    return reading || start < end || atEnd || failure != null;
  }

  /** Returns {@code null} if there is nothing yet: guests of other stores take from it, too. */
  private synchronized byte @Nullable [] take(int most) throws Throwable {
    if (!isReady()) {
      return null;
    }
    waiting = null;
    if (start < end) {
      int from = start;
      start = Math.min(end, from + most);
      return Arrays.copyOfRange(buffer, from, start);
    }
    atEnd = false; // who asks again gets the stream's own answer again
    Throwable thrown = failure;
    failure = null;
    if (thrown != null) {
      throw thrown;
    }
    return new byte[0];
  }

  /**
   * Whether a read would not wait; if it would, a thread begins to read ahead, and unparks the
   * calling thread when it has something.
   */
  synchronized boolean isReady() {
    if (start < end || atEnd || failure != null) {
      return true;
    }
    waiting = Thread.currentThread();
    if (!reading) {
      reading = true;
      Thread.ofPlatform()
          .daemon()
          .name("wasmtime-jvm-stdin")
          .inheritInheritableThreadLocals(false)
          .start(this::readAhead);
    }
    return false;
  }

  private void readAhead() {
    byte[] bytes = new byte[BUFFER];
    int count = 0;
    Throwable thrown = null;
    try {
      count = stream.read(bytes);
    } catch (Throwable t) {
      thrown = t;
    }
    synchronized (this) {
      buffer = bytes;
      start = 0;
      end = Math.max(count, 0);
      atEnd = count < 0;
      failure = thrown;
      reading = false;
      LockSupport.unpark(waiting);
    }
  }
}
