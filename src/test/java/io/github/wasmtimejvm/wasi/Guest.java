package io.github.wasmtimejvm.wasi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.Guests;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A guest whose calls of WASI a test makes, one by one. */
final class Guest implements AutoCloseable {
  static final int SUCCESS = 0;
  static final int BADF = 8;
  static final int INVAL = 28;
  static final int NOMEM = 48;

  // Where a poll has them: as many as lie between them.
  static final int SUBSCRIPTIONS = 4096;
  static final int EVENTS = 8192;

  /** Where the calls put a result. */
  static final int RESULT = 8;

  /** To {@link #open}: make the file if there is none. */
  static final int CREATE = 1;

  private static final long ALL_RIGHTS = (1 << 29) - 1;
  private static final int FOLLOW = 1; // symbolic links
  private static final int VECTOR = 16;
  private static final int TEXT = 1024;
  private static final int PATH = 2048;

  final Store store;
  final Instance instance;
  final MemorySegment memory;

  Guest(Engine engine, WasiConfig config) {
    store = Store.create(engine);
    config.applyTo(store);
    try (Module module = Guests.compile(engine, Guest.class, "calls.wat");
        Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      instance = linker.instantiate(store, module);
    }
    memory = instance.memory("memory").segment();
  }

  int call(String function, Object... args) {
    return (int) instance.func(function).call(args);
  }

  int result() {
    return memory.get(JAVA_INT_UNALIGNED, RESULT);
  }

  long longResult() {
    return memory.get(JAVA_LONG_UNALIGNED, RESULT);
  }

  void putInt(int address, int value) {
    memory.set(JAVA_INT_UNALIGNED, address, value);
  }

  void putLong(int address, long value) {
    memory.set(JAVA_LONG_UNALIGNED, address, value);
  }

  /** Puts a text where {@link #text} is, and a vector that points at it. */
  private int vector(int length) {
    putInt(VECTOR, TEXT);
    putInt(VECTOR + 4, length);
    return VECTOR;
  }

  int write(int descriptor, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, TEXT, bytes.length);
    return call("fd_write", descriptor, vector(bytes.length), 1, RESULT);
  }

  /** Reads some bytes of a text, or says {@code errno n}. */
  String read(int descriptor, int most) {
    int errno = call("fd_read", descriptor, vector(most), 1, RESULT);
    return errno == SUCCESS
        ? new String(memory.asSlice(TEXT, result()).toArray(JAVA_BYTE), UTF_8)
        : "errno " + errno;
  }

  /** Opens a file of the first directory and returns its descriptor, or minus the error number. */
  int open(String path, int how) {
    byte[] bytes = path.getBytes(UTF_8);
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, PATH, bytes.length);
    int errno =
        call("path_open", 3, FOLLOW, PATH, bytes.length, how, ALL_RIGHTS, ALL_RIGHTS, 0, RESULT);
    return errno == SUCCESS ? result() : -errno;
  }

  int close(int descriptor) {
    return call("fd_close", descriptor);
  }

  /** Subscribes to a clock, at an index, with the index as user data. */
  void subscribe(int index, int clock, long timeout, int flags) {
    int address = SUBSCRIPTIONS + 48 * index;
    memory.asSlice(address, 48).fill((byte) 0);
    putLong(address, index);
    putInt(address + 16, clock);
    putLong(address + 24, timeout);
    putInt(address + 40, flags);
  }

  void subscribeToStream(int index, int type, int descriptor) {
    subscribe(index, descriptor, 0, 0);
    memory.set(JAVA_BYTE, SUBSCRIPTIONS + 48 * index + 8, (byte) type);
  }

  /** Returns the user data of what happened, or says {@code errno n}. */
  Object poll(int count) {
    int errno = call("poll_oneoff", SUBSCRIPTIONS, EVENTS, count, RESULT);
    if (errno != SUCCESS) {
      return "errno " + errno;
    }
    List<Long> happened = new ArrayList<>();
    for (int i = 0; i < result(); i++) {
      happened.add(memory.get(JAVA_LONG_UNALIGNED, EVENTS + 32 * i));
    }
    return happened;
  }

  @Override
  public void close() {
    store.close();
  }
}
