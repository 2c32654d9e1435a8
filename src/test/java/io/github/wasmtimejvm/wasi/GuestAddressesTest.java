package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Java's functions of WASI answer pointers at every edge as the engine's own do. */
class GuestAddressesTest {
  private static final Map<String, Integer> FUNCTIONS =
      Map.of("fd_write", 4, "fd_read", 4, "random_get", 2, "clock_res_get", 2, "poll_oneoff", 4);

  private static final int VECTOR = 1024;
  private static final int SUBSCRIPTION = 2048; // all zero: a clock whose time is up at once
  private static final int EVENT = 4096;
  private static final int RESULT = 1536;
  private static final String INTERRUPTED = "27";
  private static final long PAGE = 65536;

  /** A call, with what the vector says beforehand. */
  private record Call(int buffer, int length, String function, Object... args) {
    @Override
    public String toString() {
      return "%s%s with %s bytes at %s"
          .formatted(
              function,
              Arrays.toString(args),
              Integer.toUnsignedString(length),
              Integer.toUnsignedString(buffer));
    }
  }

  @Test
  void answersAsTheEngineDoes() {
    for (String memory : List.of("1", "i64 1", "i64 65536", "i64 65538")) {
      try (Engine engine = Engine.create();
          Module module = Module.fromWat(engine, guest(memory));
          Linker linker = Linker.create(engine);
          Store store = Store.create(engine);
          Store javas = Store.create(engine)) {
        linker.defineWasi();
        WasiConfig.builder().stdinBytes(new byte[1 << 20]).build().applyTo(store);
        WasiConfig.builder()
            .stdin(zeros())
            .stdout(OutputStream.nullOutputStream())
            .clock(WasiClock.virtual(Instant.EPOCH))
            .random(new Random(1))
            .build()
            .applyTo(javas);
        Instance engines = linker.instantiate(store, module);
        Instance ours = linker.instantiate(javas, module);
        int succeeded = 0;
        List<String> differing = new ArrayList<>();
        List<Call> calls = calls(engines.memory("memory").byteSize());
        for (Call call : calls) {
          String expected = answer(engines, call);
          if (call.function.equals("fd_read") && expected.equals(INTERRUPTED)) {
            expected = "0"; // who reads no bytes: of ours he gets none
          }
          String answer = answer(ours, call);
          succeeded += expected.equals("0") ? 1 : 0;
          if (!answer.equals(expected)) {
            differing.add(call + ": " + answer + ", the engine's " + expected);
          }
        }
        assertThat(differing).as("memory " + memory).isEmpty();
        assertThat(succeeded).isBetween(calls.size() / 10, calls.size() * 9 / 10);
        if (ours.memory("memory").byteSize() >= 1L << 32) {
          assertThat(sleepsAnHourByTheLastPointer(ours)).isEqualTo(0);
        }
      }
    }
  }

  // By the clock that takes no time, which is ours.
  private static Object sleepsAnHourByTheLastPointer(Instance guest) {
    ByteBuffer subscription = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    subscription.putInt(16, 1).putLong(24, 3_600_000_000_000L);
    guest.memory("memory").write((1L << 32) - 48, subscription.array());
    return guest.func("poll_oneoff").call(-48, EVENT, 1, RESULT);
  }

  // Functions that pass their arguments on: WASI looks for the memory of its caller.
  private static String guest(String memory) {
    String wasi = "(import \"wasi_snapshot_preview1\" \"%1$s\" (func $%1$s %2$s (result i32)))\n";
    String wrapper = "(func (export \"%1$s\") %2$s (result i32) (call $%1$s %3$s))\n";
    StringBuilder imports = new StringBuilder();
    StringBuilder wrappers = new StringBuilder();
    String time = "(param i32 i64 i32)";
    imports.append(wasi.formatted("clock_time_get", time));
    wrappers.append(wrapper.formatted("clock_time_get", time, arguments(3)));
    FUNCTIONS.forEach(
        (name, count) -> {
          String params = "(param" + " i32".repeat(count) + ")";
          imports.append(wasi.formatted(name, params));
          wrappers.append(wrapper.formatted(name, params, arguments(count)));
        });
    return "(module " + imports + "(memory (export \"memory\") " + memory + ")" + wrappers + ")";
  }

  private static String arguments(int count) {
    StringBuilder arguments = new StringBuilder();
    for (int i = 0; i < count; i++) {
      arguments.append("(local.get ").append(i).append(')');
    }
    return arguments.toString();
  }

  private static InputStream zeros() {
    return new InputStream() {
      @Override
      public int read() {
        return 0;
      }
    };
  }

  private static List<Call> calls(long size) {
    Set<Integer> addresses = new LinkedHashSet<>();
    for (long edge : new long[] {0, PAGE, size, 1L << 31, 1L << 32}) {
      for (int distance : new int[] {-48, -32, -16, -8, -7, -4, -3, -1, 0, 1, 8}) {
        addresses.add((int) (edge + distance));
      }
    }
    List<Call> calls = new ArrayList<>();
    for (int at : addresses) {
      for (int fd = 0; fd <= 1; fd++) {
        String function = fd == 0 ? "fd_read" : "fd_write";
        calls.add(new Call(0, 4, function, fd, at, 1, RESULT));
        calls.add(new Call(0, 4, function, fd, VECTOR, 1, at));
        calls.add(new Call(at, 0, function, fd, VECTOR, 1, RESULT));
        calls.add(new Call(at, 4, function, fd, VECTOR, 1, RESULT));
        calls.add(new Call(at, 33, function, fd, VECTOR, 1, RESULT));
        calls.add(new Call(0, 4, function, fd, at, 3, RESULT));
      }
      for (int length : new int[] {0, 1, 8, 33, -1}) {
        // What lies in the memory whole takes long.
        if (length != -1 || Integer.toUnsignedLong(at) + 0xffff_ffffL > size) {
          calls.add(new Call(0, 0, "random_get", at, length));
        }
      }
      calls.add(new Call(0, 0, "clock_time_get", 0, 1L, at));
      calls.add(new Call(0, 0, "clock_time_get", 1, 1L, at));
      calls.add(new Call(0, 0, "clock_res_get", 0, at));
      calls.add(new Call(0, 0, "poll_oneoff", at, EVENT, 1, RESULT));
      calls.add(new Call(0, 0, "poll_oneoff", SUBSCRIPTION, at, 1, RESULT));
      calls.add(new Call(0, 0, "poll_oneoff", SUBSCRIPTION, EVENT, 1, at));
      calls.add(new Call(0, 0, "poll_oneoff", at, EVENT, 2, RESULT));
    }
    return calls;
  }

  private static String answer(Instance guest, Call call) {
    Memory memory = guest.memory("memory");
    long size = memory.byteSize();
    for (long edge :
        new long[] {0, PAGE, 1L << 31, 1L << 32, size, Integer.toUnsignedLong((int) size)}) {
      clear(memory, edge);
    }
    memory.write(
        VECTOR,
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(call.buffer)
            .putInt(call.length)
            .array());
    List<Object> results = new ArrayList<>();
    Throwable thrown = catchThrowable(() -> results.add(guest.func(call.function).call(call.args)));
    return thrown == null ? results.getFirst().toString() : thrown.getClass().getSimpleName();
  }

  // Around an edge, and all of what the functions get by default.
  private static void clear(Memory memory, long edge) {
    long from = Math.max(0, edge - 256);
    long to = Math.min(memory.byteSize(), edge == 0 ? 8192 : edge + 256);
    if (from < to) {
      memory.fill(from, to - from, (byte) 0);
    }
  }

  /** What a function in front of WASI writes in vain changes nothing, nor does a wrong call. */
  @Test
  void aFunctionInFrontThatFailsHasChangedNothing() {
    AtomicInteger failures = new AtomicInteger();
    WasiConfig config =
        WasiConfig.builder()
            .inFront(
                "random_get",
                call -> {
                  GuestMemory memory = call.memory();
                  List<Runnable> wrong =
                      List.of(
                          () -> memory.write(65533, new byte[] {1, 2, 3, 4}),
                          () -> memory.write(-1, new byte[] {1}),
                          () -> memory.writeInt(65533, -1),
                          () -> memory.writeLong(65529, -1));
                  for (Runnable each : wrong) {
                    failures.addAndGet(catchThrowable(each::run) != null ? 1 : 0);
                  }
                  Object[] args = {0, "four"};
                  failures.addAndGet(catchThrowable(() -> call.proceed(args)) != null ? 1 : 0);
                  failures.addAndGet(catchThrowable(() -> call.proceed(0)) != null ? 1 : 0);
                  return 0;
                })
            .build();
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, guest("1"));
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      config.applyTo(store);
      Instance guest = linker.instantiate(store, module);

      assertThat(guest.func("random_get").call(0, 16)).isEqualTo(0);

      assertThat(failures).hasValue(6);
      byte[] all = new byte[65536];
      guest.memory("memory").read(0, all);
      assertThat(all).containsOnly(0);
    }
  }
}
