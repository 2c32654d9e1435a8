package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.testing.EngineFixture;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filling, copying, texts, several memories of a module, and memories beyond 4 GiB. */
class MemoryBytesTest {
  private static final long PAGE = 65536;
  private static final long GIB = 1L << 30;

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Memory memory = Memory.create(store, MemoryType.of(1));

  private byte[] read(Memory memory, long offset, int length) {
    byte[] bytes = new byte[length];
    memory.read(offset, bytes);
    return bytes;
  }

  @Test
  void bytesAreFilled() {
    memory.fill(PAGE - 2, 2, (byte) -1);
    memory.fill(0, 0, (byte) 1);
    memory.fill(PAGE, 0, (byte) 1);

    assertThat(read(memory, PAGE - 3, 3)).containsExactly(0, -1, -1);
    assertThat(read(memory, 0, 1)).containsExactly(0);
  }

  @Test
  void bytesAreCopiedAlsoWhereTheyOverlap() {
    memory.write(0, new byte[] {1, 2, 3, 4, 5, 6});
    memory.copy(0, memory, 2, 4);
    assertThat(read(memory, 0, 6)).containsExactly(1, 2, 1, 2, 3, 4);
    memory.copy(2, memory, 1, 4);
    assertThat(read(memory, 0, 6)).containsExactly(1, 1, 2, 3, 4, 4);

    Memory other = Memory.create(store, MemoryType.of(1));
    memory.copy(2, other, PAGE - 3, 3);
    assertThat(read(other, PAGE - 4, 4)).containsExactly(0, 2, 3, 4);
    try (Store another = Store.create(engine)) {
      Memory stranger = Memory.create(another, MemoryType.of(1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> memory.copy(0, stranger, 0, 1))
          .withMessageContaining("another store");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "grüße", "漢字", "\uD83D\uDE00", "a\0b"})
  void textsGoInAndOut(String text) {
    int length = memory.writeString(3, text);
    assertThat(memory.readString(3, length)).isEqualTo(text);
    assertThat(memory.segment().get(JAVA_BYTE, 3 + length)).isZero();
  }

  @Test
  void whatIsNoTextIsReplacedWhereItIsRead() {
    memory.write(0, new byte[] {'a', (byte) 0xff, 'b'});
    assertThat(memory.readString(0, 3)).isEqualTo("a\uFFFDb");
  }

  @ParameterizedTest
  @CsvSource({
    "65533, 4",
    "65536, 1",
    "-1, 1",
    "1, -1",
    "-9223372036854775808, 0",
    "9223372036854775807, 1",
    "1, 2147483647"
  })
  void whatDoesNotLieInTheMemoryIsLeftAlone(long offset, int count) {
    memory.fill(0, PAGE, (byte) 7);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.fill(offset, count, (byte) 1));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.copy(offset, memory, 0, count));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.copy(0, memory, offset, count));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.readString(offset, count));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> memory.writeString(PAGE - 3, "text"));
    assertThat(read(memory, 0, 4)).containsOnly(7);
    assertThat(read(memory, PAGE - 4, 4)).containsOnly(7);
  }

  @Test
  void aModuleMayHaveSeveralMemories() {
    String wat =
        """
        (module
          (memory (export "a") 1)
          (memory (export "b") 2 3)
          (data (memory 1) (i32.const 4) "\\05")
          (func (export "copy") (param i32)
            (memory.copy 0 1 (i32.const 0) (i32.const 0) (local.get 0)))
          (func (export "load") (param i32) (result i32) (i32.load8_u 1 (local.get 0))))
        """;
    try (Module module = Module.fromWat(engine, wat)) {
      Instance guest = Instance.create(store, module);
      Memory a = guest.memory("a");
      Memory b = guest.memory("b");
      assertThat(a.type()).isEqualTo(MemoryType.of(1));
      assertThat(b.type()).isEqualTo(MemoryType.of(2, 3));
      b.writeString(0, "text");
      guest.func("copy").call(5);
      assertThat(read(a, 0, 5)).containsExactly('t', 'e', 'x', 't', 5);
      a.copy(0, b, PAGE, 2);
      assertThat(guest.func("load").call((int) PAGE)).isEqualTo((int) 't');
      b.grow(1);
      assertThat(a.size()).isEqualTo(1);
      assertThat(b.segment().address()).isNotEqualTo(a.segment().address());
    }
  }

  @Test
  void aMemoryReachesBeyondFourGiB() {
    String wat =
        """
        (module
          (memory (export "memory") i64 1)
          (func (export "load") (param i64) (result i32) (i32.load (local.get 0)))
          (func (export "store") (param i64 i32) (i32.store (local.get 0) (local.get 1))))
        """;
    try (Engine large = Engine.builder().memoryReservation(6 * GIB).memoryMayMove(false).build();
        Module module = Module.fromWat(large, wat);
        Store own = Store.create(large)) {
      Instance guest = Instance.create(own, module);
      Memory huge = guest.memory("memory");
      long address = huge.segment().address();
      assertThat(huge.grow(5 * GIB / PAGE)).isEqualTo(1);
      MemorySegment segment = huge.segment();
      assertThat(segment.byteSize()).isEqualTo(huge.byteSize()).isEqualTo(5 * GIB + PAGE);
      assertThat(segment.address()).isEqualTo(address);

      long last = segment.byteSize() - 4;
      guest.func("store").call(last, 5);
      assertThat(segment.get(JAVA_INT_UNALIGNED, last)).isEqualTo(5);
      segment.set(JAVA_INT_UNALIGNED, 4 * GIB + 3, 6);
      assertThat(guest.func("load").call(4 * GIB + 3)).isEqualTo(6);
      huge.writeString(4 * GIB - 2, "across");
      assertThat(huge.readString(4 * GIB - 2, 6)).isEqualTo("across");
      huge.fill(4 * GIB - 4, 8, (byte) 1);
      huge.copy(4 * GIB - 4, huge, 8, 8);
      assertThat(segment.get(JAVA_LONG_UNALIGNED, 8)).isEqualTo(0x0101010101010101L);

      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> huge.grow(2 * GIB / PAGE))
          .withMessageContaining("memoryReservation: " + 6 * GIB + " bytes");
      assertThatExceptionOfType(TrapException.class)
          .isThrownBy(() -> guest.func("load").call(segment.byteSize()));
    }
  }

  @Test
  void theReservationIsBlamedOnlyWhereItIsInTheWay() {
    Memory limited = Memory.create(store, MemoryType.of(1, 2));
    for (Memory full : new Memory[] {limited, memory}) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> full.grow(1L << 17))
          .satisfies(e -> assertThat(e).hasMessageNotContaining("memoryReservation"));
    }
    MemoryType wide = new MemoryType(1, OptionalLong.of(1L << 20), true, false, PAGE);
    try (Engine still = Engine.builder().memoryMayMove(false).build();
        Store own = Store.create(still)) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> Memory.create(own, wide).grow(1L << 17))
          .withMessageContaining("memoryReservation: 4294967296 bytes");
    }
  }

  @Test
  void pagesOfOneByteEndAnywhere() {
    Memory small = Memory.create(store, new MemoryType(5, OptionalLong.of(7), false, false, 1));
    small.fill(0, 5, (byte) 1);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> small.fill(0, 6, (byte) 1));
    assertThat(small.grow(2)).isEqualTo(5);
    assertThat(read(small, 4, 3)).containsExactly(1, 0, 0);
    assertThatExceptionOfType(EngineException.class).isThrownBy(() -> small.grow(1));
  }
}
