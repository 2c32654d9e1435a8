package io.github.wasmtimejvm.wasi;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
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
  private final AtomicReference<Thread> waiting = new AtomicReference<>();
  private byte[] buffer = new byte[0]; // under this, as all below
  private int start;
  private int end;
  private boolean atEnd;
  private @Nullable Throwable failure;
  private @Nullable AtomicReference<Object> reading; // gets how many bytes, or a Throwable

  Input(InputStream stream) {
    this.stream = stream;
  }

  /** Intercepts {@code fd_read}. */
  static int read(WasiCall call, Descriptors descriptors, boolean interruptible) throws Throwable {
    Input input = descriptors.input(call.intArg(0));
    Iovec target = input == null ? null : Iovec.of(call, interruptible);
    if (input == null || target == null) {
      return call.proceed();
    }
    if (target.length() == 0) {
      // Who reads nothing gets nothing. Of no buffer: another thread may change them, and the
      // engine would wait for its own input.
      return call.proceed(call.intArg(0), call.intArg(1), 0, call.intArg(3));
    }
    // Unsigned, and no more than a piece.
    int most = (int) Math.min(Integer.toUnsignedLong(target.length()), BUFFER);
    byte[] bytes = input.read(most, interruptible);
    // Only what is filled must lie in the memory.
    if (bytes.length > 0 && !call.memory().contains(target.address(), bytes.length)) {
      return call.refuse(target.address(), bytes.length);
    }
    if (bytes.length > 0) {
      call.memory().write(target.address(), bytes);
    }
    if (!Iovec.hasResult(call)) {
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
    try (InterruptibleWait parking = new InterruptibleWait(interruptible)) {
      byte[] taken = take(most);
      while (taken == null) {
        parking.park(FOR_EVER);
        taken = take(most);
      }
      return taken;
    } finally {
      leave();
    }
  }

  /**
   * Ends the calling thread's wait, which {@link #isReady} begins. The thread that reads ahead may
   * wait for ever, and would keep it, with its context class loader.
   */
  void leave() {
    waiting.compareAndSet(Thread.currentThread(), null);
  }

  private byte[] direct(int most) throws IOException {
    byte[] bytes = new byte[most];
    int count = stream.read(bytes);
    return count <= 0 ? new byte[0] : Arrays.copyOf(bytes, count);
  }

  private synchronized boolean isAhead() {
    return reading != null || start < end || atEnd || failure != null;
  }

  /** Returns {@code null} if there is nothing yet: guests of other stores take from it, too. */
  private synchronized byte @Nullable [] take(int most) throws Throwable {
    if (!isReady()) {
      return null;
    }
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
   * calling thread when it has something. {@link #leave} follows in any case.
   */
  synchronized boolean isReady() {
    waiting.set(Thread.currentThread()); // before it looks: nobody unparks it for what was before
    takeOver();
    if (start < end || atEnd || failure != null) {
      leave();
      return true;
    }
    if (reading == null) {
      byte[] bytes = new byte[BUFFER];
      AtomicReference<Object> result = new AtomicReference<>();
      Thread.ofPlatform()
          .daemon()
          .name("wasmtime-jvm-stdin")
          .inheritInheritableThreadLocals(false)
          .start(readAhead(stream, bytes, result, waiting));
      buffer = bytes; // only now, as the system may refuse a thread
      reading = result;
    }
    return false;
  }

  private void takeOver() {
    Object read = reading == null ? null : reading.get();
    if (read == null) {
      return;
    }
    reading = null;
    if (read instanceof Throwable thrown) {
      failure = thrown;
    } else {
      int count = (Integer) read;
      start = 0;
      end = Math.max(count, 0);
      atEnd = count <= 0; // as where it is read directly; to ask again could go on for ever
    }
  }

  /**
   * Reads once, says what came of it and unparks who waits. Of the JDK's classes alone: the stream
   * may let its thread wait for ever, and our class loader must be able to go meanwhile.
   */
  private static Runnable readAhead(
      InputStream stream,
      byte[] bytes,
      AtomicReference<Object> result,
      AtomicReference<Thread> waiting) {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    try {
      MethodHandle read =
          lookup
              .findVirtual(
                  InputStream.class, "read", MethodType.methodType(int.class, byte[].class))
              .bindTo(stream)
              .bindTo(bytes)
              .asType(MethodType.methodType(Object.class));
      MethodHandle say =
          lookup.bind(result, "set", MethodType.methodType(void.class, Object.class));
      MethodHandle reads =
          MethodHandles.catchException(
              MethodHandles.filterReturnValue(read, say),
              Throwable.class,
              say.asType(MethodType.methodType(void.class, Throwable.class)));
      MethodHandle who =
          lookup
              .bind(waiting, "get", MethodType.methodType(Object.class))
              .asType(MethodType.methodType(Thread.class));
      MethodHandle unpark =
          lookup.findStatic(
              LockSupport.class, "unpark", MethodType.methodType(void.class, Thread.class));
      return MethodHandleProxies.asInterfaceInstance(
          Runnable.class,
          MethodHandles.foldArguments(MethodHandles.foldArguments(unpark, who), reads));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
