package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.WasmtimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program has no more files open than its configuration says. */
class OpenFilesTest {
  private static final int TOO_MANY = -33;
  private static final int NO_ENTRY = -44;

  @TempDir private Path folder;

  @BeforeEach
  void fill() throws IOException {
    Files.writeString(folder.resolve("file"), "text");
  }

  private WasiConfig atMost(int count) {
    return WasiConfig.builder().writableDirectory(folder, "/").maxOpenFiles(count).build();
  }

  @Test
  void whatIsClosedMakesRoom() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, atMost(2))) {
      int first = guest.open("file", 0);
      int second = guest.open("file", 0);
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
      assertThat(guest.read(second, 10)).isEqualTo("text");
      assertThat(guest.close(first)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.close(first)).isEqualTo(Guest.BADF);
      assertThat(guest.open("file", 0)).isPositive();
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
    }
  }

  @Test
  void whatCouldNotBeOpenedTakesNone() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, atMost(1))) {
      assertThat(guest.open("none", 0)).isEqualTo(NO_ENTRY);
      assertThat(guest.open("file", 0)).isPositive();
    }
  }

  @Test
  void renumberingClosesWhatHadTheNumber() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, atMost(2))) {
      int first = guest.open("file", 0);
      int second = guest.open("file", 0);
      assertThat(guest.call("fd_renumber", 99, first)).isEqualTo(Guest.BADF);
      assertThat(guest.call("fd_renumber", first, first)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.call("fd_renumber", first, second)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.open("file", 0)).isPositive();
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
      assertThat(guest.close(second)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.open("file", 0)).isPositive();
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
    }
  }

  @Test
  void closingAnythingElseMakesNoRoom() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, atMost(1))) {
      int file = guest.open("file", 0);
      assertThat(guest.close(0)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
      assertThat(guest.call("fd_renumber", file, 1)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
      assertThat(guest.close(1)).isEqualTo(Guest.SUCCESS);
      assertThat(guest.open("file", 0)).isPositive();
    }
  }

  /** The engine opens the file before it finds that it cannot say the number. */
  @Test
  void aFileWhoseNumberTheGuestNeverLearnsCounts() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, atMost(1))) {
      assertThatExceptionOfType(WasmtimeException.class)
          .isThrownBy(() -> guest.call("path_open", 3, 0, path(guest), 4, 0, 2L, 2L, 0, -4));
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
    }
  }

  private static int path(Guest guest) {
    guest.putInt(100, 0x656c6966); // "file"
    return 100;
  }

  @Test
  void eachStoreHasItsOwn() {
    WasiConfig config = atMost(1);
    try (Engine engine = Engine.create();
        Guest one = new Guest(engine, config);
        Guest other = new Guest(engine, config)) {
      assertThat(one.open("file", 0)).isPositive();
      assertThat(other.open("file", 0)).isPositive();
    }
  }

  @Test
  void noneAtAll() {
    try (Engine engine = Engine.create();
        Guest guest = new Guest(engine, atMost(0))) {
      assertThat(guest.open("file", 0)).isEqualTo(TOO_MANY);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> WasiConfig.builder().maxOpenFiles(-1));
  }
}
