package io.github.wasmtimejvm.wasi;

import static io.github.wasmtimejvm.wasi.Guest.BADF;
import static io.github.wasmtimejvm.wasi.Guest.RESULT;
import static io.github.wasmtimejvm.wasi.Guest.SUCCESS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.OpenFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of Java's as a guest's standard streams. */
class StreamsTest {
  private static Engine engine;

  @TempDir private Path folder;
  private final OutputCapture output = new OutputCapture(1000);

  @BeforeAll
  static void create() {
    engine = Engine.create();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static ByteArrayInputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void outputAndErrorArriveInTheOrderOfTheCalls() {
    try (Guest guest =
        new Guest(engine, WasiConfig.builder().stdout(output).stderr(output).build())) {
      assertThat(guest.write(1, "one ")).isEqualTo(SUCCESS);
      assertThat(guest.result()).isEqualTo(4);
      assertThat(guest.write(2, "two ")).isEqualTo(SUCCESS);
      assertThat(guest.write(1, "three")).isEqualTo(SUCCESS);
    }
    assertThat(output.text()).isEqualTo("one two three");
  }

  @Test
  void theFirstOfMoreBuffersThanThereIsMemoryForIsWritten() {
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdout(output).build())) {
      guest.putInt(1024, 'x');
      guest.putInt(4096, 1024);
      guest.putInt(4096 + 4, 1);
      assertThat(guest.call("fd_write", 1, 4096, 40_000, RESULT)).isEqualTo(SUCCESS);
      assertThat(guest.result()).isEqualTo(1);
    }
    assertThat(output.text()).isEqualTo("x");
  }

  @Test
  void aCaptureKeepsNoMoreThanItsLimit() {
    OutputCapture small = new OutputCapture(5);
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdout(small).build())) {
      assertThat(guest.write(1, "12345")).isEqualTo(SUCCESS);
      assertThat(small.isTruncated()).isFalse();
      assertThat(guest.write(1, "6")).isEqualTo(SUCCESS);
      assertThat(guest.result()).isEqualTo(1);
    }
    assertThat(small.text()).isEqualTo("12345");
    assertThat(small.isTruncated()).isTrue();
  }

  @Test
  void linesComeWithoutTheirEndsAndTheLastWhenTheStoreIsClosed() {
    List<String> lines = new ArrayList<>();
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdoutLines(lines::add).build())) {
      guest.write(1, "a\n\nzwei tei");
      assertThat(lines).containsExactly("a", "");
      guest.write(1, "le ä\nrest");
      assertThat(lines).containsExactly("a", "", "zwei teile ä");
    }
    assertThat(lines).containsExactly("a", "", "zwei teile ä", "rest");
  }

  @Test
  void aLineWithoutEndComesInPieces() {
    List<String> lines = new ArrayList<>();
    LineOutput stream = new LineOutput(lines::add);
    byte[] piece = new byte[100_000];
    for (int i = 0; i < 11; i++) {
      stream.write(piece, 0, piece.length);
    }
    assertThat(lines).singleElement().satisfies(it -> assertThat(it).hasSize(LineOutput.LONGEST));
    stream.write('\n');
    assertThat(lines.get(1)).hasSize(1_100_000 - LineOutput.LONGEST);
  }

  @Test
  void inputIsReadInPiecesUntilItsEnd() {
    try (Guest guest =
        new Guest(engine, WasiConfig.builder().stdin(input("hello world")).build())) {
      assertThat(guest.read(0, 5)).isEqualTo("hello");
      assertThat(guest.read(0, 100)).isEqualTo(" world");
      assertThat(guest.read(0, 0)).isEmpty();
      assertThat(guest.read(0, 100)).isEmpty();
    }
  }

  @Test
  void inputThatNoGuestTookIsThereForTheNext() {
    WasiConfig config = WasiConfig.builder().stdin(input("one two")).build();
    for (boolean interruptible : new boolean[] {false, true}) {
      try (Engine each = Engine.builder().interruptible(interruptible).build();
          Guest guest = new Guest(each, config)) {
        assertThat(guest.read(0, 4)).isEqualTo(interruptible ? "two" : "one ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAStreamThrowsReachesTheCallerAsItself(boolean interruptible) {
    IOException ofInput = new IOException("broken input");
    IOException ofOutput = new IOException("broken output");
    WasiConfig config =
        WasiConfig.builder()
            .stdin(
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw ofInput;
                  }
                })
            .stdout(
                new OutputStream() {
                  @Override
                  public void write(int b) throws IOException {
                    throw ofOutput;
                  }
                })
            .build();
    try (Engine each = Engine.builder().interruptible(interruptible).build();
        Guest guest = new Guest(each, config)) {
      assertThatThrownBy(() -> guest.read(0, 1)).isSameAs(ofInput);
      assertThatThrownBy(() -> guest.read(0, 1)).isSameAs(ofInput);
      assertThatThrownBy(() -> guest.write(1, "x")).isSameAs(ofOutput);
    }
  }

  @Test
  void theUsersStreamsStayOpen() {
    OutputStream stream =
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdout(stream).build())) {
      assertThat(guest.close(1)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void aClosedStreamIsNoMore() {
    try (Guest guest =
        new Guest(engine, WasiConfig.builder().stdin(input("x")).stdout(output).build())) {
      assertThat(guest.close(1)).isEqualTo(SUCCESS);
      assertThat(guest.write(1, "lost")).isEqualTo(BADF);
      assertThat(guest.close(1)).isEqualTo(BADF);
      assertThat(guest.close(0)).isEqualTo(SUCCESS);
      assertThat(guest.read(0, 1)).isEqualTo("errno " + BADF);
    }
    assertThat(output.text()).isEmpty();
  }

  @Test
  void aNumberThatAFileGetsIsTheFiles() throws IOException {
    WasiConfig config = WasiConfig.builder().stdout(output).writableDirectory(folder, "/").build();
    try (Guest guest = new Guest(engine, config)) {
      int file = create(guest, "file.txt");
      assertThat(guest.call("fd_renumber", file, 1)).isEqualTo(SUCCESS);
      assertThat(guest.write(1, "to the file")).isEqualTo(SUCCESS);
    }
    assertThat(output.text()).isEmpty();
    assertThat(folder.resolve("file.txt")).hasContent("to the file");
  }

  @Test
  void aStreamKeepsItsWayUnderAnotherNumber() throws IOException {
    WasiConfig config =
        WasiConfig.builder().stdout(output).stderr(output).writableDirectory(folder, "/").build();
    try (Guest guest = new Guest(engine, config)) {
      int file = create(guest, "file.txt");
      assertThat(guest.call("fd_renumber", 1, file)).isEqualTo(SUCCESS);
      assertThat(guest.write(file, "out ")).isEqualTo(SUCCESS);
      assertThat(guest.write(1, "lost")).isEqualTo(BADF);
      int other = create(guest, "other.txt");
      assertThat(guest.write(other, "to the other file")).isEqualTo(SUCCESS);
      assertThat(guest.call("fd_renumber", 2, 2)).isEqualTo(SUCCESS);
      assertThat(guest.write(2, "err")).isEqualTo(SUCCESS);
      assertThat(guest.call("fd_renumber", 99, 2)).isEqualTo(BADF);
      assertThat(guest.write(2, "!")).isEqualTo(SUCCESS);
    }
    assertThat(output.text()).isEqualTo("out err!");
    assertThat(folder.resolve("file.txt")).isEmptyFile();
    assertThat(folder.resolve("other.txt")).hasContent("to the other file");
  }

  private static int create(Guest guest, String name) {
    int file = guest.open(name, Guest.CREATE);
    assertThat(file).isPositive();
    return file;
  }

  @Test
  void emptyAndWrongBuffersAreWhatTheyAreInTheEngine() {
    WasiConfig ours = WasiConfig.builder().stdin(input("abc")).stdout(output).build();
    WasiConfig engines = WasiConfig.builder().stdinBytes("abc".getBytes(UTF_8)).build();
    try (Guest a = new Guest(engine, ours);
        Guest b = new Guest(engine, engines)) {
      for (String function : List.of("fd_write", "fd_read")) {
        int descriptor = function.equals("fd_write") ? 1 : 0;
        if (descriptor == 1) { // to read nothing is an interrupted call in the engine
          assertSame(a, b, function, descriptor, 16, 0, RESULT); // no vector
          assertSame(a, b, function, descriptor, 16, 1, RESULT); // an empty one
        }
        assertSame(a, b, function, descriptor, 17, 1, RESULT); // not aligned
        assertSame(a, b, function, descriptor, -8, 1, RESULT); // outside the memory
        assertSame(a, b, function, descriptor, 16, -1, RESULT);
        assertSame(a, b, function, descriptor, 16, 1, -4);
        assertSame(a, b, function, descriptor, 16, 1, RESULT + 1);
        for (Guest guest : List.of(a, b)) {
          guest.putInt(16, 4 * 65536 - 2);
          guest.putInt(20, 3);
        }
        assertSame(a, b, function, descriptor, 16, 1, RESULT); // at the end of the memory
      }
    }
    assertThat(output.text()).isEmpty();
  }

  private static void assertSame(Guest a, Guest b, String function, Object... args) {
    assertThat(outcome(a, function, args)).isEqualTo(outcome(b, function, args));
  }

  private static String outcome(Guest guest, String function, Object... args) {
    try {
      return guest.call(function, args) + " " + guest.result();
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void aGuestIsToldTheSameOfAStreamAsOfTheEnginesOwn() {
    try (Guest a = new Guest(engine, WasiConfig.builder().stdin(input("")).stdout(output).build());
        Guest b = new Guest(engine, WasiConfig.builder().build())) {
      for (int descriptor = 0; descriptor < 3; descriptor++) {
        for (String function : List.of("fd_fdstat_get", "fd_filestat_get")) {
          assertThat(a.call(function, descriptor, 64)).isEqualTo(SUCCESS);
          assertThat(b.call(function, descriptor, 64)).isEqualTo(SUCCESS);
          assertThat(a.memory.asSlice(64, 64).mismatch(b.memory.asSlice(64, 64))).isEqualTo(-1);
        }
        assertSame(a, b, "fd_seek", descriptor, 0L, 1, RESULT);
      }
    }
  }

  @Test
  void anotherConfigurationForAStoreTakesTheOthersPlace() {
    OutputCapture other = new OutputCapture(100);
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdout(output).build())) {
      guest.write(1, "first");
      WasiConfig.builder().stdout(other).build().applyTo(guest.store);
      guest.write(1, "second");
      WasiConfig.builder().build().applyTo(guest.store);
      assertThat(guest.write(1, "nobody")).isEqualTo(SUCCESS);
    }
    assertThat(output.text()).isEqualTo("first");
    assertThat(other.text()).isEqualTo("second");
  }

  @Test
  void inheritedStreamsAndFilesStayTheEngines() throws IOException {
    Path file = folder.resolve("out.txt");
    Files.createFile(file);
    WasiConfig config = WasiConfig.builder().inheritStdin().stdoutFile(file).build();
    try (Guest guest = new Guest(engine, config)) {
      assertThat(new Interceptors(config, false).in(guest.store).functions()).isEmpty();
      WasiConfig ofFile = WasiConfig.builder().stdinFile(file).build();
      assertThat(new Interceptors(ofFile, false).in(guest.store).functions()).isEmpty();
      // Where guests can be stopped, they must not wait inside the engine.
      Interceptors stoppable = new Interceptors(ofFile, true);
      assertThat(stoppable.in(guest.store).functions()).containsKey("fd_read");
      stoppable.abandon();
    }
  }

  @Test
  @Timeout(600)
  @EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc/self/fd")
  void aFileOfAConfigurationThatIsRefusedIsClosed() throws IOException {
    Path file = Files.createFile(folder.resolve("in.txt")).toRealPath();
    WasiConfig config = WasiConfig.builder().stdinFile(file).unwindingExit().build();
    try (Engine noExceptions = Engine.builder().interruptible(true).gcSupport(false).build();
        Store store = Store.create(noExceptions)) {
      assertThatIllegalStateException().isThrownBy(() -> config.applyTo(store));
    }
    OpenFiles.awaitClosed(file);
  }

  @Test
  void aCaptureKeepsSingleBytesUpToItsLimit() {
    OutputCapture nothing = new OutputCapture(0);
    OutputCapture two = new OutputCapture(2);
    for (char c : "ab".toCharArray()) {
      two.write(c);
    }
    nothing.write('a');
    assertThat(two.text()).isEqualTo("ab");
    assertThat(two.isTruncated()).isFalse();
    assertThat(nothing.bytes()).isEmpty();
    assertThat(nothing.isTruncated()).isTrue();
  }

  @Test
  void bytesOneByOneAreLinesToo() {
    List<String> lines = new ArrayList<>();
    LineOutput stream = new LineOutput(lines::add);
    for (char c : "ab\n\nc".toCharArray()) {
      stream.write(c);
    }
    assertThat(lines).containsExactly("ab", "");
    for (int i = 1; i < LineOutput.LONGEST; i++) {
      stream.write('x');
    }
    assertThat(lines).hasSize(3);
    assertThat(lines.getLast()).hasSize(LineOutput.LONGEST).startsWith("cx");
  }

  @Test
  void aLineThatIsNotQuiteTooLongIsOne() {
    List<String> lines = new ArrayList<>();
    byte[] bytes = new byte[LineOutput.LONGEST + 1];
    Arrays.fill(bytes, (byte) 'x');
    bytes[0] = '\n';
    bytes[bytes.length - 1] = '\n';
    new LineOutput(lines::add).write(bytes, 0, bytes.length);
    assertThat(lines).containsExactly("", "x".repeat(LineOutput.LONGEST - 1));
  }

  @Test
  void whatEndsWithALineHasNoOtherBehindIt() {
    List<String> lines = new ArrayList<>();
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdoutLines(lines::add).build())) {
      guest.write(1, "a\n");
    }
    assertThat(lines).containsExactly("a");
  }

  @Test
  void muchThatIsWrittenAtOnceArrivesInOrder() {
    byte[] much = new byte[150_001];
    new Random(1).nextBytes(much);
    OutputCapture all = new OutputCapture(much.length);
    try (Guest guest = new Guest(engine, WasiConfig.builder().stdout(all).build())) {
      guest.memory.asSlice(1024, much.length).copyFrom(MemorySegment.ofArray(much));
      guest.putInt(16, 1024);
      guest.putInt(20, much.length);
      assertThat(guest.call("fd_write", 1, 16, 1, RESULT)).isEqualTo(SUCCESS);
      assertThat(guest.result()).isEqualTo(much.length);
    }
    assertThat(all.bytes()).isEqualTo(much);
  }
}
