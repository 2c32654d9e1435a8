package io.github.wasmtimejvm.testing;

import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A platform thread that is not the test's. */
public final class OtherThread {
  private OtherThread() {}

  /** What {@code task} throws on such a thread, or null. */
  public static @Nullable Throwable thrownBy(ThrowingCallable task) {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    try {
      Thread.ofPlatform().start(() -> thrown.set(catchThrowable(task))).join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return thrown.get();
  }
}
