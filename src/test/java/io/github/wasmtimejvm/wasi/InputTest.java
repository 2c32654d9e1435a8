package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.SystemLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests read from streams of Java's, and what is read ahead for them. */
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

  /** What comes out of it, one by one, and how often it was asked. */
  private static final class Script extends InputStream {
    private final Deque<Object> answers;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Thread lastReader;

    Script(Object... answers) {
      this.answers = new ArrayDeque<>(List.of(answers));
    }

    @Override
    public int read() {
      throw new AssertionError("byte by byte");
    }

    @Override
    public synchronized int read(byte[] bytes) throws IOException {
      reads.incrementAndGet();
      lastReader = Thread.currentThread();
      switch (answers.remove()) {
        case IOException thrown -> throw thrown;
        case String text when text.length() <= bytes.length -> {
          byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(encoded, 0, bytes, 0, encoded.length);
          return encoded.length;
        }
        case Integer count -> {
          return count;
        }
        case Object other -> throw new AssertionError(other);
      }
    }
  }

  private static final int END = -1;

  private static void awaitReady(Guest guest) {
    guest.subscribeToStream(0, 1, 0);
    assertThat(guest.poll(1)).isEqualTo(List.of(0L));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasReadAheadComesFirst(boolean interruptible) {
    Script script = new Script("hello", "world", END, "more", END);
    try (Engine engine = Engine.builder().interruptible(interruptible).build();
        Guest guest = new Guest(engine, WasiConfig.builder().stdin(script).build())) {
      awaitReady(guest);
      assertThat(guest.read(0, 2)).isEqualTo("he");
      awaitReady(guest);
      assertThat(guest.read(0, 2)).isEqualTo("ll");
      assertThat(guest.read(0, 9)).isEqualTo("o");
      assertThat(script.reads).hasValue(1);
      assertThat(guest.read(0, 9)).isEqualTo("world");
      assertThat(script.lastReader == Thread.currentThread())
          .as("who can be stopped does not wait in the stream")
          .isEqualTo(!interruptible);
      awaitReady(guest);
      assertThat(script.reads).as("its end").hasValue(3);
      assertThat(guest.read(0, 9)).isEmpty();
      assertThat(script.reads).hasValue(3);
      assertThat(guest.read(0, 9)).as("who asks again is answered anew").isEqualTo("more");
      assertThat(guest.read(0, 9)).isEmpty();
      assertThat(script.reads).hasValue(5);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailureIsThrownOnce(boolean interruptible) {
    IOException thrown = new IOException("broken");
    Script script = new Script(thrown, "x");
    try (Engine engine = Engine.builder().interruptible(interruptible).build();
        Guest guest = new Guest(engine, WasiConfig.builder().stdin(script).build())) {
      awaitReady(guest);
      assertThatThrownBy(() -> guest.read(0, 9)).isSameAs(thrown);
      assertThat(script.reads).hasValue(1);
      assertThat(guest.read(0, 9)).isEqualTo("x");
    }
  }

  /** At the end nothing is written, so the buffer may be anywhere. */
  @Test
  void whereNothingComesTheBufferNeedNotBeInTheMemory() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, WasiConfig.builder().stdin(new Script(END)).build());
        Guest engines = new Guest(engine, WasiConfig.builder().build())) {
      for (Guest each : List.of(guest, engines)) {
        each.putInt(16, 1 << 30);
        each.putInt(20, 8);
        each.putInt(Guest.RESULT, -1);
        assertThat(each.call("fd_read", 0, 16, 1, Guest.RESULT)).isEqualTo(Guest.SUCCESS);
        assertThat(each.result()).isZero();
      }
    }
  }

  /** What is not read by who waits must not keep anything of him. */
  @Test
  void theThreadThatReadsAheadIsNobodysChild() {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    inherited.set("of the caller");
    AtomicReference<Thread> reader = new AtomicReference<>();
    AtomicReference<String> seen = new AtomicReference<>("nothing was read");
    InputStream stream =
        new InputStream() {
          @Override
          public int read() {
            reader.set(Thread.currentThread());
            seen.set(inherited.get());
            return END;
          }
        };
    try (Engine engine = Engine.builder().interruptible(true).build();
        Guest guest = new Guest(engine, WasiConfig.builder().stdin(stream).build())) {
      assertThat(guest.read(0, 1)).isEmpty();
    }
    assertThat(reader.get().isDaemon()).isTrue();
    assertThat(reader.get().getName()).isEqualTo("wasmtime-jvm-stdin");
    assertThat(seen.get()).isNull();
  }
}
