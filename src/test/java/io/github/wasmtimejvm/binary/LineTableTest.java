package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Programs of lines that make finding a line long, or that no compiler writes. */
class LineTableTest {
  private static final int[] HEADER = {
    1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 7, 0, 1, 0, 0, 1, 0, 'a', '.', 'c', 0, 0, 0, 0, 0
  };
  private static final int[] TEN_BYTES_OF_MINUS_A_LOT = {
    0x80, 0x80, 0x80, 0x80, 0xe0, 0xff, 0xff, 0xff, 0xff, 0x01
  };

  private final ByteArrayOutputStream program = new ByteArrayOutputStream();

  private void put(int... bytes) {
    for (int b : bytes) {
      program.write(b);
    }
  }

  // Rows from the address 1 on, up to the address 9.
  private DebugLines.Line find(long address) {
    byte[] code = program.toByteArray();
    ByteBuffer lines = ByteBuffer.allocate(4 + 2 + 4 + HEADER.length + code.length);
    lines.order(ByteOrder.LITTLE_ENDIAN).putInt(lines.capacity() - 4).putShort((short) 4);
    lines.putInt(HEADER.length);
    for (int b : HEADER) {
      lines.put((byte) b);
    }
    lines.put(code);
    return new LineTable(lines.array(), 0, lines.capacity(), new byte[0], 100, new LineBudget())
        .find(address);
  }

  private void start() {
    put(0, 5, 2, 1, 0, 0, 0, 1); // address 1, a row
  }

  private void end() {
    put(2, 8, 0, 1, 1); // 8 more, end of the sequence
  }

  @Test
  void aRowIsFoundBehindManyOpcodesAndOperands() {
    start();
    for (int i = 0; i < 1000; i++) {
      put(3, 1, 6, 7, 1, 1, 1, 1, 1, 1, 1); // a line more, and opcodes that say nothing
    }
    put(2, 2, 1); // address 3, a row
    end();
    assertThat(find(2)).isEqualTo(new DebugLines.Line("a.c", 1));
    assertThat(find(3)).isEqualTo(new DebugLines.Line("a.c", 1001));
    assertThat(find(11)).isNull();
  }

  /** Marks between rows have the address in 32 bits; from a wild one the rest was run through. */
  @Test
  void aSequenceThatLeavesTheCodeBetweenRowsIsNone() {
    start();
    put(2, 0x80, 0x80, 0x80, 0x80, 0x20); // 2^33 up
    for (int i = 0; i < 200; i++) {
      put(3, 1);
    }
    put(2);
    put(TEN_BYTES_OF_MINUS_A_LOT); // and down again
    put(2, 2, 1);
    end();
    put(0, 5, 2, 50, 0, 0, 0, 1); // another sequence, where the search came to
    end();
    assertThat(find(3)).isNull();
  }

  @Test
  void aNumberOfMoreBytesThanAnyHasIsDamage() {
    start();
    put(3);
    for (int i = 0; i < 50; i++) {
      put(0x80);
    }
    put(1);
    end();
    assertThat(find(3)).isNull();
  }
}
