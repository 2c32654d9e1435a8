package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {
  private static final long PAGE = 65536;
  private static final String GUEST =
      """
      (module
        (memory (export "memory") 1 4)
        (data (i32.const 8) "\\01\\02\\03\\04")
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
      """;

  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();

  private static Instance guest(Store store) {
    return Guests.instantiate(store, GUEST);
  }

  @Test
  void aSegmentIsTheGuestsMemoryItself() {
    Instance guest = guest(store);
    MemorySegment segment = guest.memory("memory").segment();
    assertThat(segment.get(JAVA_INT_UNALIGNED, 8)).isEqualTo(0x04030201);

    guest.func("store").call(100, 0x11223344);
    assertThat(segment.get(JAVA_INT_UNALIGNED, 100)).isEqualTo(0x11223344);

    segment.set(JAVA_INT_UNALIGNED, 200, 0x55667788);
    assertThat(guest.func("load").call(200)).isEqualTo(0x55667788);
  }

  @Test
  void aSegmentEndsWhereTheMemoryEnds() {
    MemorySegment segment = guest(store).memory("memory").segment();

    assertThat(segment.byteSize()).isEqualTo(PAGE);
    assertThat(segment.get(JAVA_BYTE, PAGE - 1)).isZero();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> segment.get(JAVA_BYTE, PAGE));
  }

  @Test
  void growingAddsPagesAndReturnsHowManyThereWere() {
    Memory memory = guest(store).memory("memory");

    assertThat(memory.grow(2)).isEqualTo(1);
    assertThat(memory.grow(0)).isEqualTo(3);
    assertThat(memory.size()).isEqualTo(3);
    assertThat(memory.byteSize()).isEqualTo(3 * PAGE);
    assertThat(memory.segment().byteSize()).isEqualTo(3 * PAGE);
  }

  @Test
  void theGuestsOwnGrowIsSeen() {
    Instance guest = guest(store);
    Memory memory = guest.memory("memory");
    assertThat(guest.func("grow").call(3)).isEqualTo(1);

    assertThat(memory.size()).isEqualTo(4);
    assertThat(memory.segment().byteSize()).isEqualTo(4 * PAGE);
  }

  @Test
  void aSegmentFromBeforeAGrowKeepsItsSizeAndItsPlace() {
    Instance guest = guest(store);
    Memory memory = guest.memory("memory");
    MemorySegment before = memory.segment();
    memory.grow(3);
    MemorySegment after = memory.segment();

    assertThat(before.byteSize()).isEqualTo(PAGE);
    assertThat(after.address()).isEqualTo(before.address());
    guest.func("store").call(16, 77);
    assertThat(before.get(JAVA_INT_UNALIGNED, 16)).isEqualTo(77);
    assertThat(after.get(JAVA_INT_UNALIGNED, 16)).isEqualTo(77);
  }

  @Test
  void growingBeyondTheMaximumIsAnEngineException() {
    Memory memory = guest(store).memory("memory");

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> memory.grow(4))
        .withMessageContaining("failed to grow memory by `4`");
    assertThat(memory.size()).isEqualTo(1);
    assertThat(memory.grow(3)).isEqualTo(1);
  }

  @Test
  void aMemoryCannotShrink() {
    Memory memory = guest(store).memory("memory");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> memory.grow(-1))
        .withMessage("a memory cannot shrink: -1");
  }

  @Test
  void bytesAreCopiedInAndOut() {
    Memory memory = guest(store).memory("memory");
    memory.write(PAGE - 3, new byte[] {7, 8, 9});
    byte[] read = new byte[4];
    memory.read(PAGE - 4, read);

    assertThat(read).containsExactly(0, 7, 8, 9);
    memory.read(PAGE, new byte[0]);
    memory.write(PAGE, new byte[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "65533, 4",
    "65536, 1",
    "-1, 1",
    "-9223372036854775808, 0",
    "9223372036854775807, 1",
    "0, 65537"
  })
  void whatDoesNotLieInTheMemoryIsNeitherReadNorWritten(long offset, int length) {
    Memory memory = guest(store).memory("memory");
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 1);

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.read(offset, bytes));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.write(offset, bytes));
    assertThat(memory.segment().get(JAVA_BYTE, PAGE - 1)).isZero();
    assertThat(memory.segment().get(JAVA_BYTE, 0)).isZero();
  }

  @Test
  void aSegmentEndsWithItsStore() {
    Memory memory;
    MemorySegment segment;
    try (Store own = Store.create(engine)) {
      memory = guest(own).memory("memory");
      segment = memory.segment();
    }

    assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
    assertThatIllegalStateException()
        .isThrownBy(memory::segment)
        .withMessage("the store is closed");
    assertThatIllegalStateException().isThrownBy(() -> memory.read(0, new byte[1]));
  }

  @Test
  void whereMemoriesMayMoveThereAreCopiesOnly() {
    try (Engine moving = Engine.builder().memoryReservation(0).build();
        Store own = Store.create(moving)) {
      Instance guest = guest(own);
      Memory memory = guest.memory("memory");
      memory.write(4, new byte[] {1, 0, 0, 0});
      memory.grow(3);
      memory.write(4 * PAGE - 4, new byte[] {2, 0, 0, 0});

      assertThat(guest.func("load").call(4)).isEqualTo(1);
      assertThat(guest.func("load").call((int) (4 * PAGE - 4))).isEqualTo(2);
      byte[] read = new byte[1];
      memory.read(4, read);
      assertThat(read).containsExactly(1);
      assertThatIllegalStateException()
          .isThrownBy(memory::segment)
          .withMessageContaining("use read and write");
    }
  }

  @Test
  void aMemoryWith32BitAddressesGrowsToAllFourGiB() {
    Memory memory = Memory.create(store, MemoryType.of(1));
    memory.grow(65535);

    assertThat(memory.segment().byteSize()).isEqualTo(1L << 32);
    assertThat(memory.segment().get(JAVA_BYTE, (1L << 32) - 1)).isZero();
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> memory.grow(1));
  }

  @Test
  void aMemoryMayHave64BitAddresses() {
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (memory (export "memory") i64 1 3)
              (func (export "store") (param i64 i32) (i32.store (local.get 0) (local.get 1))))
            """)) {
      Instance guest = Instance.create(store, module);
      Memory memory = guest.memory("memory");
      memory.grow(2);
      guest.func("store").call(3 * PAGE - 4, 5);

      assertThat(memory.type()).isEqualTo(new MemoryType(1, OptionalLong.of(3), true, false, PAGE));
      assertThat(memory.segment().get(JAVA_INT_UNALIGNED, 3 * PAGE - 4)).isEqualTo(5);
    }
  }

  @Test
  void aMemoryThatDoesNotMoveGrowsNoFurtherThanItsReservation() {
    MemoryType type = new MemoryType(1, OptionalLong.empty(), true, false, PAGE);
    try (Engine still = Engine.builder().memoryMayMove(false).build();
        Store own = Store.create(still)) {
      Memory memory = Memory.create(own, type);

      assertThatExceptionOfType(EngineException.class).isThrownBy(() -> memory.grow(70000));
      assertThat(memory.grow(1)).isEqualTo(1);
      assertThat(memory.segment().byteSize()).isEqualTo(2 * PAGE);
    }
  }

  /** Which types can be larger than three pages, that an engine reserves. */
  @ParameterizedTest
  @CsvSource({
    "1, -1, false, true",
    "1, 4, false, true",
    "1, 3, false, false",
    "4, 4, false, false",
    "1, -1, true, true",
    "1, 4, true, true",
    "2, 3, true, false",
  })
  void whatMayMoveHasNoSegment(int minimum, int maximum, boolean is64, boolean moves) {
    OptionalLong most = maximum < 0 ? OptionalLong.empty() : OptionalLong.of(maximum);
    MemoryType type = new MemoryType(minimum, most, is64, false, PAGE);
    try (Engine small = Engine.builder().memoryReservation(3 * PAGE).build();
        Store own = Store.create(small)) {
      Memory memory = Memory.create(own, type);
      if (moves) {
        assertThatIllegalStateException().isThrownBy(memory::segment);
        memory.write(PAGE - 1, new byte[] {5});
        memory.grow(4 - minimum);
        byte[] read = new byte[1];
        memory.read(PAGE - 1, read);
        assertThat(read).containsExactly(5);
      } else {
        MemorySegment before = memory.segment();
        memory.grow(minimum == maximum ? 0 : maximum - minimum);
        assertThat(memory.segment().address()).isEqualTo(before.address());
      }
    }
  }

  /** By default it is as in C: only 64-bit addresses can go beyond what is reserved. */
  @Test
  void byDefaultAMemoryOf32BitAddressesNeverMoves() {
    Memory memory = Memory.create(store, MemoryType.of(1));
    MemorySegment before = memory.segment();
    memory.grow(100);
    assertThat(memory.segment().address()).isEqualTo(before.address());

    MemoryType large = new MemoryType(1, OptionalLong.empty(), true, false, PAGE);
    assertThatIllegalStateException().isThrownBy(Memory.create(store, large)::segment);
  }

  /** The guest declares less than the memory has, and its engine reserves less than that. */
  @Test
  void anImportedMemoryThatIsLargerThanItsReservationIsAccessibleToItsEnd() {
    try (Engine small = Engine.builder().memoryReservation(PAGE).build();
        Store own = Store.create(small);
        Module module =
            Module.fromWat(
                small,
                """
                (module
                  (import "host" "memory" (memory 1))
                  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
                """)) {
      Memory memory = Memory.create(own, MemoryType.of(4));
      memory.write(4 * PAGE - 4, new byte[] {7, 0, 0, 0});
      Instance guest = Instance.create(own, module, memory);

      assertThat(guest.func("load").call((int) (4 * PAGE - 4))).isEqualTo(7);
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(() -> guest.func("load").call((int) (4 * PAGE)));
    }
  }

  @Test
  void halfOfASurrogatePairIsNoText() {
    Memory memory = Memory.create(store, MemoryType.of(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> memory.writeString(0, "a\ud800b"))
        .withMessageContaining("character 1 is half of a surrogate pair, \\ud800");
    assertThat(memory.readString(0, 1)).isEqualTo("\0");
    assertThat(memory.writeString(0, "\ud83d\ude00")).isEqualTo(4);
  }

  @Test
  void aMemoryMadeInJavaCanBeImported() {
    Memory memory = Memory.create(store, MemoryType.of(2, 3));
    memory.write(5, new byte[] {42});
    try (Module module =
        Module.fromWat(
            engine,
            """
            (module
              (import "host" "memory" (memory 1))
              (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))
            """)) {
      assertThat(Instance.create(store, module, memory).func("load").call(5)).isEqualTo(42);
    }
    assertThat(memory.type()).isEqualTo(MemoryType.of(2, 3));
    assertThat(memory.size()).isEqualTo(2);
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> memory.grow(2));
  }

  @Test
  void aMemoryMayBeEmpty() {
    Memory memory = Memory.create(store, MemoryType.of(0));

    assertThat(memory.segment().byteSize()).isZero();
    memory.read(0, new byte[0]);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.read(0, new byte[1]));
  }

  @Test
  void pagesMayHaveOneByte() {
    Memory memory = Memory.create(store, new MemoryType(5, OptionalLong.of(7), false, false, 1));

    assertThat(memory.type().pageSize()).isEqualTo(1);
    assertThat(memory.segment().byteSize()).isEqualTo(5);
    assertThat(memory.grow(2)).isEqualTo(5);
    assertThat(memory.byteSize()).isEqualTo(7);
  }

  @Test
  void sizesThatDoNotFitTheKindAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Memory.create(store, MemoryType.of(2, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Memory.create(store, MemoryType.of(65537)));
    assertThatIllegalArgumentException().isThrownBy(() -> Memory.create(store, MemoryType.of(-1)));
    for (long pageSize : new long[] {0, 2, 3, 4096, 1L << 63}) {
      MemoryType type = new MemoryType(0, OptionalLong.empty(), false, false, pageSize);
      assertThatIllegalArgumentException().isThrownBy(() -> Memory.create(store, type));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Memory.create(store, new MemoryType(1, OptionalLong.of(2), false, true, PAGE)))
        .withMessage("a shared memory is not a memory of one store");
  }

  @Test
  void whatTheEngineCannotProvideIsAnEngineException() {
    MemoryType huge = new MemoryType(1L << 40, OptionalLong.empty(), true, false, PAGE);
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> Memory.create(store, huge));
  }
}
