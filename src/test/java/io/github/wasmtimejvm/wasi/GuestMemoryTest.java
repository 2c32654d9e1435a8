package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pointers of WASI have 32 bits, also where the guest's memory goes on behind 4 GiB. */
class GuestMemoryTest {
  private static final String LARGE =
      """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "random_get"
          (func $random (param i32 i32) (result i32)))
        (memory (export "memory") i64 65538)
        (func (export "write") (param $address i32) (param $length i32) (result i32)
          (i32.store (i64.const 64) (local.get $address))
          (i32.store (i64.const 68) (local.get $length))
          (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 80)))
        (func (export "random") (param i32 i32) (result i32)
          (call $random (local.get 0) (local.get 1)))
        (func (export "first") (result i64) (i64.load (i64.const 0)))
        (func (export "above") (result i64) (i64.load (i64.const 0x100000000))))
      """;

  private static final int LAST_16 = -16; // the last 16 bytes below 4 GiB

  @Test
  void aFunctionInFrontReadsAndWritesAllOfTheMemoryAndNoMore() {
    List<Object> seen = new ArrayList<>();
    WasiConfig config =
        WasiConfig.builder()
            .inFront(
                "fd_close",
                call -> {
                  GuestMemory memory = call.memory();
                  int end = (int) memory.byteSize();
                  seen.add(memory.contains(end - 4, 4));
                  seen.add(memory.contains(end - 3, 4));
                  seen.add(memory.contains(end, 0));
                  seen.add(memory.contains(-1, 1));
                  memory.write(end - 7, "größe".getBytes(StandardCharsets.UTF_8));
                  seen.add(memory.readString(end - 7, 7));
                  seen.add(memory.read(end - 1, 1)[0]);
                  seen.add(catchThrowable(() -> memory.readString(end - 7, 8)).getClass());
                  seen.add(catchThrowable(() -> memory.write(end - 1, new byte[2])).getClass());
                  return 3;
                })
            .build();
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, config)) {
      assertThat(guest.close(1)).isEqualTo(3);
    }
    assertThat(seen)
        .containsExactly(
            true,
            false,
            true,
            false,
            "größe",
            (byte) 'e',
            IndexOutOfBoundsException.class,
            IndexOutOfBoundsException.class);
  }

  /** As with the engine's own functions. */
  @Test
  void whatBeginsBelow4GiBGoesOnAboveAndNotAtTheStart() {
    List<Integer> lengths = new ArrayList<>();
    WasiConfig config =
        WasiConfig.builder()
            .stdout(
                new OutputStream() {
                  @Override
                  public void write(int b) {}

                  @Override
                  public void write(byte[] bytes, int offset, int length) {
                    lengths.add(length);
                  }
                })
            .random(new Random(1))
            .build();
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, LARGE);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      config.applyTo(store);
      Instance guest = linker.instantiate(store, module);

      assertThat(guest.func("write").call(LAST_16, 16)).isEqualTo(0);
      assertThat(lengths).containsExactly(16);
      assertThat(guest.func("random").call(LAST_16, 15)).isEqualTo(0);

      assertThat(guest.func("write").call(LAST_16, 100_000)).isEqualTo(0);
      assertThat(lengths).containsExactly(16, 65536, 100_000 - 65536);
      assertIsRefused(guest, 16 + 2 * 65536 + 1);
      // Random bytes end the guest where no pointer can point to their end.
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> guest.func("random").call(LAST_16, 24));
      assertThat(guest.func("first").call()).as("what is at address 0").isEqualTo(0L);
    }
  }

  // As the engine answers: with an error number, or by ending the guest.
  private static void assertIsRefused(Instance guest, int length) {
    List<Object> results = new ArrayList<>();
    Throwable thrown = catchThrowable(() -> results.add(guest.func("write").call(LAST_16, length)));

    if (thrown == null) {
      assertThat(results).doesNotContain(0);
    }
  }

  @Test
  void aGuestWithoutMemoryIsToldSoAsByTheEngine() {
    String text =
        """
        (module
          (import "wasi_snapshot_preview1" "random_get" (func $get (param i32 i32) (result i32)))
          (func (export "get") (result i32) (call $get (i32.const 0) (i32.const 1))))
        """;
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, text);
        Linker linker = Linker.create(engine)) {
      linker.defineWasi();
      for (WasiConfig.Builder config :
          List.of(WasiConfig.builder(), WasiConfig.builder().random(new Random(1)))) {
        try (Store store = Store.create(engine)) {
          config.build().applyTo(store);
          Instance guest = linker.instantiate(store, module);
          assertThatExceptionOfType(EngineException.class)
              .isThrownBy(() -> guest.func("get").call())
              .withMessageContaining("missing required memory export");
        }
      }
    }
  }
}
