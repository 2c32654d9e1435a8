package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guests that compilers and interpreters of many languages made. Each is the same program: its
 * first argument says what it does. How they end is what docs/guests.md says.
 */
class LanguagesIT {
  private static final Path DOCUMENT = Path.of("docs/guests.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private static final Map<Language, Module> modules = new EnumMap<>(Language.class);
  private static final Map<String, Map<String, String>> table = new LinkedHashMap<>();
  private static Engine engine;

  @TempDir private Path folder;

  @BeforeAll
  static void compile() throws IOException {
    engine = Engine.create();
    for (Language language : Language.values()) {
      modules.put(language, language.compile(engine));
    }
  }

  @BeforeAll
  static void readTable() throws IOException {
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      List<List<String>> rows =
          lines
              .dropWhile(line -> !line.startsWith("|"))
              .takeWhile(line -> line.startsWith("|"))
              .map(line -> Stream.of(line.split("\\|")).skip(1).map(String::strip).toList())
              .toList();
      List<String> header = rows.getFirst();
      for (List<String> row : rows.subList(2, rows.size())) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
          cells.put(header.get(i), row.get(i));
        }
        table.put(row.getFirst(), cells);
      }
    }
  }

  @AfterAll
  static void close() {
    modules.values().forEach(Module::close);
    engine.close();
  }

  @BeforeEach
  void createDataFolder() throws IOException {
    Files.createDirectory(folder.resolve("data"));
  }

  @ParameterizedTest
  @EnumSource
  void printsOnBothStreams(Language language) throws IOException {
    assertThat(run(language, "hello")).isEqualTo(ExitStatus.SUCCESS);

    assertThat(stdout()).hasContent("hello from " + language);
    assertThat(stderr()).hasContent(language + " complains");
  }

  @ParameterizedTest
  @EnumSource
  void getsItsArguments(Language language) throws IOException {
    assertThat(run(language, "args", "two words", "", "größer", "日本"))
        .isEqualTo(ExitStatus.SUCCESS);

    assertThat(stdout()).hasContent("[two words]\n[]\n[größer]\n[日本]");
  }

  @ParameterizedTest
  @EnumSource
  void getsItsEnvironment(Language language) throws IOException {
    assertThat(run(language, "env")).isEqualTo(ExitStatus.SUCCESS);

    assertThat(stdout()).hasContent("ça va = oui, absent");
  }

  @ParameterizedTest
  @EnumSource
  void readsAndWritesFiles(Language language) throws IOException {
    Files.writeString(folder.resolve("data/in.txt"), "Zeile für Zeile\n");

    assertThat(run(language, "file")).isEqualTo(ExitStatus.SUCCESS);

    assertThat(folder.resolve("data/out.txt")).hasContent(language + " read: Zeile für Zeile");
  }

  @ParameterizedTest
  @EnumSource
  void endsAsDocumented(Language language) throws IOException {
    Map<String, String> row = table.get(language.toString());
    assertThat(end(language, "return")).isEqualTo(row.get("returns"));
    assertThat(end(language, "exit", "0")).isEqualTo(row.get("exits with 0"));
    assertThat(end(language, "exit", "3")).isEqualTo(row.get("exits with 3"));
    assertThat(end(language, "exit", "200")).isEqualTo(row.get("exits with 200"));
    assertThat(end(language, "crash")).isEqualTo(row.get("crashes"));
    assertThat(Files.readString(stderr())).contains(code(row.get("and prints")));
  }

  @ParameterizedTest
  @EnumSource
  void aProgramsStatusIsWhatItReturnsOrExitsWith(Language language) {
    assertThat(run(language, "return").code()).isZero();
    assertThat(run(language, "exit", "0").code()).isZero();
    assertThat(run(language, "exit", "3").code()).isEqualTo(3);
    assertThat(run(language, "exit", "200").code()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void anyOtherStatusIsAnExit(Language language) {
    assertThat(end(language, "no such command")).isEqualTo("exit 64");
  }

  @ParameterizedTest
  @EnumSource
  void isOfTheDocumentedVersion(Language language) throws IOException {
    String[] tool = code(table.get(language.toString()).get("made or run by")).split(" ");

    assertThat(Files.readString(language.pin())).contains(tool);
  }

  @Test
  void theDocumentHasEveryLanguageAndNoOther() {
    assertThat(table.keySet())
        .containsExactlyElementsOf(Stream.of(Language.values()).map(Language::toString).toList());
  }

  @Test
  void rubysExitIsAnExceptionThatItsHostGets() {
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      config(Language.RUBY).applyTo(store);
      RubyVm ruby = RubyVm.start(store, linker, modules.get(Language.RUBY), List.of());

      assertThat(ruby.eval("exit 3")).isEqualTo(RubyVm.RAISED);
      assertThat(ruby.eval("1 + 1")).isZero();
    }
  }

  /** Runs the program as a user of Java does. */
  private ExitStatus run(Language language, String... args) {
    WasiConfig config = config(language, args);
    if (language != Language.RUBY) {
      return WasiProgram.of(modules.get(language)).run(config);
    }
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      config.applyTo(store);
      return ExitStatus.of(() -> assertThat(runRuby(store, linker, args)).isZero());
    }
  }

  /** Runs the program and returns how it ended, in the words of the document. */
  private String end(Language language, String... args) {
    try (Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      config(language, args).applyTo(store);
      if (language == Language.RUBY) {
        int state = runRuby(store, linker, args);
        return state == 0 ? "return" : "state " + state;
      }
      linker.defineWasi();
      linker.instantiate(store, modules.get(language)).func("_start").call();
      return "return";
    } catch (ExitException exit) {
      return "exit " + exit.status();
    } catch (TrapException trap) {
      return "trap `" + trap.code() + "`";
    } catch (GuestException exception) {
      return "exception";
    }
  }

  private static int runRuby(Store store, Linker linker, String... args) {
    return RubyVm.start(store, linker, modules.get(Language.RUBY), List.of(args))
        .eval("load '/src/ruby/guest.rb'");
  }

  private WasiConfig config(Language language, String... args) {
    return WasiConfig.builder()
        .args(language.command(args))
        .env("GREETING", "ça va = oui")
        .stdoutFile(folder.resolve("stdout"))
        .stderrFile(folder.resolve("stderr"))
        .writableDirectory(folder.resolve("data"), "/data")
        .readOnlyDirectory(Path.of("src/test/guests"), "/src")
        .build();
  }

  private Path stdout() {
    return folder.resolve("stdout");
  }

  private Path stderr() {
    return folder.resolve("stderr");
  }

  /** What stands as code in a cell; nothing where there is none. */
  private static String code(String cell) {
    Matcher code = CODE.matcher(cell);
    return code.find() ? code.group(1) : "";
  }
}
