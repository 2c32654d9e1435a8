package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.sun.net.httpserver.HttpServer;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands of several languages that are components, as docs/wasi.md tells of them. */
class ComponentCommandsIT {
  private static final Path COMPONENTS = Path.of("target/guests/components");
  private static final Pattern ROW =
      Pattern.compile("\\|([^|]*)\\|([^|]*)\\| (exit [0-9]+|trap|exception) \\|");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private static final Map<String, Component> components = new HashMap<>();
  private static Engine engine;

  @TempDir private Path folder;

  @BeforeAll
  static void createEngine() throws IOException {
    // What takes long to compile stays compiled for later builds.
    Path cache = Path.of("target/guests-compiled/components.toml");
    Files.createDirectories(cache.getParent());
    Files.writeString(
        cache,
        "[cache]\ndirectory = '%s'\n"
            .formatted(cache.resolveSibling("components").toAbsolutePath()));
    engine = Engine.builder().engineCache(cache).build();
  }

  @AfterAll
  static void close() {
    components.values().forEach(Component::close);
    components.clear();
    engine.close();
  }

  private static Component component(String name) {
    return components.computeIfAbsent(
        name,
        _ -> {
          try {
            return Component.fromFile(engine, COMPONENTS.resolve(name + ".wasm"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void programsEndAsTheTableSays() throws IOException {
    List<MatchResult> rows =
        Files.readAllLines(Path.of("docs/wasi.md")).stream()
            .flatMap(line -> ROW.matcher(line).results())
            .toList();
    assertThat(rows).hasSizeGreaterThan(14);

    assertSoftly(
        softly -> {
          for (MatchResult row : rows) {
            for (String name : codes(row.group(1))) {
              for (String arguments : codes(row.group(2))) {
                softly
                    .assertThat(end(name, arguments))
                    .as(name + " " + arguments)
                    .isEqualTo(row.group(3));
              }
            }
          }
        });
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
  }

  private static String end(String name, String arguments) {
    List<String> args = new ArrayList<>(List.of(name));
    args.addAll(List.of(arguments.split(" ")));
    try {
      return "exit "
          + WasiProgram.of(component(name)).run(WasiConfig.builder().args(args).build()).code();
    } catch (TrapException e) {
      return "trap";
    } catch (GuestException e) {
      return "exception";
    }
  }

  @ParameterizedTest
  @CsvSource({"command-c, C", "command-python, Python", "command-js, JavaScript"})
  void theyGetWhatTheConfigurationHas(String name, String language) throws IOException {
    assertThat(output(name, "hello"))
        .containsExactly("hello from " + language + "\n", language + " complains\n");
    assertThat(output(name, "args", "a b", "", "ä")).containsExactly("[a b]\n[]\n[ä]\n", "");
    assertThat(output(name, "env")).containsExactly("good day, absent\n", "");
  }

  @ParameterizedTest
  @CsvSource({"command-c, C", "command-python, Python"})
  void theyReadAndWriteFiles(String name, String language) throws IOException {
    Files.writeString(folder.resolve("in.txt"), "some text");

    assertThat(output(name, "file")).containsExactly("", "");
    assertThat(folder.resolve("out.txt")).hasContent(language + " read: some text");
  }

  /** What a program that succeeds writes to standard output and error. */
  private List<String> output(String name, String... args) throws IOException {
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    WasiConfig config =
        WasiConfig.builder()
            .args(name)
            .args(args)
            .env("GREETING", "good day")
            .writableDirectory(folder, "/data")
            .stdoutFile(stdout)
            .stderrFile(stderr)
            .build();
    assertThat(WasiProgram.of(component(name)).run(config)).isEqualTo(ExitStatus.SUCCESS);
    return List.of(Files.readString(stdout), Files.readString(stderr));
  }

  @Test
  void requestsReachAServerWhereTheyAreAllowed() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] body = ("you asked for " + exchange.getRequestURI()).getBytes();
          exchange.sendResponseHeaders(404, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/some?thing";
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.defineWasi();
    linker.defineWasiHttp();
    try (Store store = Store.create(engine)) {
      WasiConfig.builder().inheritNetwork().build().applyTo(store);
      assertThatIllegalStateException()
          .isThrownBy(() -> linker.instantiate(store, component("http-js")))
          .withMessageContaining("without allowHttp()");
      assertThat(requests).hasValue(0);

      WasiConfig.builder().allowHttp().build().applyTo(store);
      Object response =
          linker
              .instantiate(store, component("http-js"))
              .func("test:http/client@1.0.0", "get")
              .call(url);

      assertThat(response)
          .isEqualTo(Result.ok(Map.of("status", 404, "body", "you asked for /some?thing")));
      assertThat(requests).hasValue(1);
    } finally {
      server.stop(0);
    }
  }
}
