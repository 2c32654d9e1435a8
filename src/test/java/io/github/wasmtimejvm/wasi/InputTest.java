package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class InputTest {
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "it limits threads as Linux does")
  void isReadWhenThereIsAThreadForItAgain() {
    ChildJvm.Result result = ChildJvm.with("-Xlog:disable").run(NoThread.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout())
        .startsWith("no more threads\nthrown: java.lang.OutOfMemoryError: unable to create")
        .endsWith("\nready\n");
  }

  /** It had a thread for each look. */
  @Test
  void aStreamWithoutBytesEndsWithItsFirstAnswer() {
    AtomicInteger reads = new AtomicInteger();
    Input input =
        new Input(
            new InputStream() {
              @Override
              public int read() {
                return 0;
              }

              @Override
              public int read(byte[] bytes, int from, int length) {
                reads.incrementAndGet();
                return 0;
              }
            });

    while (!input.isReady() && reads.get() < 100) {
      Thread.yield();
    }
    boolean ready = input.isReady();
    input.leave();

    assertThat(ready).isTrue();
    assertThat(reads).hasValue(1);
  }

  static final class NoThread {
    private static final long LONGEST = Duration.ofMinutes(9).toNanos();

    public static void main(String[] args) throws Exception {
      Input input = new Input(new ByteArrayInputStream(new byte[1]));
      SystemLimits.useUpThreads();
      try {
        input.isReady();
      } catch (OutOfMemoryError e) {
        System.out.println("thrown: " + e);
      }
      SystemLimits.THREADS.lift();
      long start = System.nanoTime();
      while (!input.isReady() && System.nanoTime() - start < LONGEST) {
        Thread.sleep(1);
      }
      System.out.println(input.isReady() ? "ready" : "nobody reads");
      System.exit(0);
    }
  }
}
