package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of buffers as a guest gives them: Java answers each call as the engine does. */
class VectorTest {
  private static final int LIST = 1024;
  private static final int TEXT = 4096;

  private Engine engine;
  private OutputCapture output;
  private Guest java;
  private Guest plain;

  @BeforeEach
  void open() {
    engine = Engine.create();
    output = new OutputCapture(1000);
    java = new Guest(engine, WasiConfig.builder().stdout(output).build());
    plain = new Guest(engine, WasiConfig.builder().build());
    for (Guest guest : new Guest[] {java, plain}) {
      MemorySegment.copy("hello".getBytes(UTF_8), 0, guest.memory, JAVA_BYTE, TEXT, 5);
    }
  }

  @AfterEach
  void close() {
    java.close();
    plain.close();
    engine.close();
  }

  private int size() {
    return (int) java.memory.byteSize();
  }

  /** Whether both take a list for {@code fd_write}; they say the same. */
  private boolean isTaken(int list, int count, int result) {
    String answered = answer(java, list, count, result);
    assertThat(answered).isEqualTo(answer(plain, list, count, result));
    assertThat(java.memory.mismatch(plain.memory)).isEqualTo(-1);
    return answered.equals("0");
  }

  private static String answer(Guest guest, int list, int count, int result) {
    try {
      return String.valueOf(guest.call("fd_write", 1, list, count, result));
    } catch (EngineException e) {
      return String.valueOf(e.getMessage()).replaceAll("(?s).*Caused by:", "").strip();
    }
  }

  private void entry(int at, int address, int length) {
    for (Guest guest : new Guest[] {java, plain}) {
      guest.putInt(at, address);
      guest.putInt(at + 4, length);
    }
  }

  @Test
  void theFirstThatIsNotEmptyIsTaken() {
    entry(LIST, 0, 0);
    entry(LIST + 8, size() + 1, 0);
    entry(LIST + 16, TEXT, 5);
    entry(LIST + 24, TEXT, 2);

    assertThat(isTaken(LIST, 4, RESULT)).isTrue();
    assertThat(java.result()).isEqualTo(5);
    assertThat(output.text()).isEqualTo("hello");
  }

  @Test
  void whereAllAreEmptyNothingIsWritten() {
    entry(LIST + 24, TEXT, 5); // behind the list
    assertThat(isTaken(LIST, 3, RESULT)).isTrue();
    assertThat(isTaken(LIST, 0, RESULT)).isTrue();
    assertThat(java.result()).isZero();
    assertThat(output.text()).isEmpty();
  }

  @Test
  void theListMayEndWithTheMemory() {
    entry(size() - 8, TEXT, 3);

    assertThat(isTaken(size() - 8, 1, RESULT)).isTrue();
    assertThat(output.text()).isEqualTo("hel");
    entry(size() - 8, TEXT, 0);
    assertThat(isTaken(size() - 8, 2, RESULT)).isFalse();
    assertThat(isTaken(size() - 4, 1, RESULT)).isFalse();
    assertThat(isTaken(size(), 1, RESULT)).isFalse();
    assertThat(output.text()).isEqualTo("hel");
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, false", "4, true"})
  void theListIsAligned(int by, boolean taken) {
    entry(LIST + by, TEXT, 1);

    assertThat(isTaken(LIST + by, 1, RESULT)).isEqualTo(taken);
    assertThat(output.text()).isEqualTo(taken ? "h" : "");
  }

  // 128 MiB of entries are too many.
  @ParameterizedTest
  @CsvSource({"16777215, true", "16777216, false", "-1, false"})
  void aListCanBeTooLong(int count, boolean taken) {
    entry(LIST, TEXT, 4);

    assertThat(isTaken(LIST, count, RESULT)).isEqualTo(taken);
    assertThat(output.text()).isEqualTo(taken ? "hell" : "");
  }

  @ParameterizedTest
  @CsvSource({"4, true", "0, false", "3, false", "5, false", "2, false"})
  void theResultIsAlignedAndInTheMemory(int before, boolean taken) {
    entry(LIST, TEXT, 2);

    assertThat(isTaken(LIST, 1, size() - before)).isEqualTo(taken);
  }
}
