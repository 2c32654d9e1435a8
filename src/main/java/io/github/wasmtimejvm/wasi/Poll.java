package io.github.wasmtimejvm.wasi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Intercepts {@code poll_oneoff}: waits for clocks and for streams of Java's. The engine answers
 * for all other descriptors; they are files or wrong ones, so none of them ever waits.
 */
final class Poll {
  private static final int SUBSCRIPTION = 48; // sizes of the structs
  private static final int EVENT = 32;

  private static final int CLOCK = 0; // __wasi_eventtype_t
  private static final int READ = 1;
  private static final int WRITE = 2;

  private static final int CLOCKS = 2; // realtime and monotonic, the others cannot be waited for
  private static final int ABSOLUTE = 1; // __wasi_subclockflags_t

  // Where time and input are waited for at once, by clocks that know nothing of input.
  private static final long STEP = 10_000_000;

  /** What a guest may wait for in one call; more are refused as they are in most systems. */
  private static final int MOST = 4096;

  /**
   * @param index which it is among the guest's
   * @param remaining for a clock: nanoseconds until its time
   */
  private record Subscription(int index, long userData, int type, int descriptor, long remaining) {}

  private final WasiCall call;
  private final Descriptors descriptors;
  private final @Nullable WasiClock clock;
  private final boolean interruptible;
  private final int subscriptions;
  private final int events;
  private final int count;
  private int written;

  private Poll(
      WasiCall call, Descriptors descriptors, @Nullable WasiClock clock, boolean interruptible) {
    this.call = call;
    this.descriptors = descriptors;
    this.clock = clock;
    this.interruptible = interruptible;
    this.subscriptions = call.intArg(0);
    this.events = call.intArg(1);
    this.count = call.intArg(2);
  }

  /** Intercepts {@code poll_oneoff}. */
  static int oneoff(
      WasiCall call, Descriptors descriptors, @Nullable WasiClock clock, boolean interruptible)
      throws Throwable {
    return new Poll(call, descriptors, clock, interruptible).run();
  }

  private int run() throws Throwable {
    GuestMemory memory = call.memory();
    int result = call.intArg(3);
    if (count <= 0
        || count > MOST
        || !isUsable(memory, subscriptions, Long.BYTES, (long) count * SUBSCRIPTION)
        || !isUsable(memory, events, Long.BYTES, (long) count * EVENT)
        || !isUsable(memory, result, Integer.BYTES, Integer.BYTES)) {
      return count == 0 || Integer.compareUnsigned(count, MOST) <= 0
          ? call.proceed() // which will say what is wrong
          : Errno.NOMEM; // as the engine says, from more on
    }
    List<Subscription> ours = new ArrayList<>();
    List<Integer> engines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteBuffer subscription =
          ByteBuffer.wrap(memory.read(subscriptions + i * SUBSCRIPTION, SUBSCRIPTION))
              .order(ByteOrder.LITTLE_ENDIAN);
      long userData = subscription.getLong(0);
      int type = Byte.toUnsignedInt(subscription.get(8));
      int id = subscription.getInt(16);
      if (type == CLOCK) {
        short flags = subscription.getShort(40);
        if (Integer.compareUnsigned(id, CLOCKS) >= 0 || (flags & ~ABSOLUTE) != 0) {
          return call.proceed(); // which refuses all of them
        }
        boolean absolute = flags != 0;
        long timeout = subscription.getLong(24);
        ours.add(
            new Subscription(
                i, userData, type, id, absolute ? until(id, timeout) : bounded(timeout)));
      } else if (type == READ && descriptors.input(id) != null
          || type == WRITE && descriptors.output(id) != null) {
        ours.add(new Subscription(i, userData, type, id, 0));
      } else {
        engines.add(i);
      }
    }
    for (int i : engines) {
      int errno =
          call.proceed(subscriptions + i * SUBSCRIPTION, events + written * EVENT, 1, result);
      if (errno != Errno.SUCCESS) {
        return errno;
      }
      written += memory.readInt(result);
    }
    try {
      waitFor(ours);
    } finally {
      leave(ours);
    }
    memory.writeInt(result, written);
    return Errno.SUCCESS;
  }

  private static boolean isUsable(GuestMemory memory, int address, int alignment, long size) {
    return address % alignment == 0
        && memory.contains(address, size)
        // A list has no pointer above that, of which the engine says so.
        && Integer.toUnsignedLong(address) + size <= GuestMemory.POINTERS;
  }

  // Unsigned in the guest; what is negative here is longer than anyone waits.
  private static long bounded(long timeout) {
    return timeout < 0 ? Long.MAX_VALUE : timeout;
  }

  // The engine's monotonic clock begins when it likes, so the guest's own function is asked. The
  // result goes where an event will go.
  private long until(int clockId, long time) throws Throwable {
    int errno = call.ask("clock_time_get", clockId, 1L, events);
    long now = errno == Errno.SUCCESS ? call.memory().readLong(events) : 0;
    return Long.compareUnsigned(time, now) <= 0 ? 0 : bounded(time - now);
  }

  private void waitFor(List<Subscription> ours) throws Throwable {
    long start = now();
    try (InterruptibleWait parking = new InterruptibleWait(interruptible)) {
      while (true) {
        long now = now();
        // At the end of time, which a clock that is moved by sleep comes to, all is due.
        long elapsed = now == Long.MAX_VALUE ? now : now - start;
        boolean input = false;
        long next = Long.MAX_VALUE;
        List<Subscription> due = new ArrayList<>();
        for (Subscription each : ours) {
          if (isDue(each, elapsed)) {
            due.add(each);
          } else if (each.type == CLOCK) {
            next = Math.min(next, each.remaining - elapsed);
          } else {
            input = true;
          }
        }
        if (!due.isEmpty() || written > 0) {
          due.forEach(this::write);
          return;
        }
        if (clock == null) {
          parking.park(next);
        } else if (next == Long.MAX_VALUE) {
          parking.park(STEP);
        } else {
          sleep(clock, input ? Math.min(next, STEP) : next);
        }
      }
    }
  }

  private void leave(List<Subscription> ours) {
    for (Subscription each : ours) {
      Input input = each.type == READ ? descriptors.input(each.descriptor) : null;
      if (input != null) {
        input.leave();
      }
    }
  }

  private long now() {
    return clock == null ? System.nanoTime() : clock.monotonic();
  }

  private boolean isDue(Subscription each, long elapsed) {
    return switch (each.type) {
      case CLOCK -> elapsed >= each.remaining;
      case READ -> {
        Input input = descriptors.input(each.descriptor);
        yield input == null || input.isReady();
      }
      default -> true;
    };
  }

  private void sleep(WasiClock clock, long nanos) throws InterruptedException {
    InterruptibleWait.check(interruptible);
    try {
      clock.sleep(nanos);
    } catch (InterruptedException e) {
      if (!interruptible) {
        throw e;
      }
      Thread.currentThread().interrupt();
    }
    InterruptibleWait.check(interruptible);
  }

  private void write(Subscription due) {
    ByteBuffer event = ByteBuffer.allocate(EVENT).order(ByteOrder.LITTLE_ENDIAN);
    event.putLong(0, due.userData);
    event.put(10, (byte) due.type);
    event.putLong(16, due.type == CLOCK ? 0 : 1); // as many bytes as the engine says
    call.memory().write(events + written * EVENT, event.array());
    written++;
  }
}
