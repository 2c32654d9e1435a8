package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.BuiltComponents;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A component in JavaScript that makes requests to a server of the test's. */
class HttpGuestIT {
  public record Response(int status, String body) {}

  public static final class UnreachableException extends ErrException {
    private static final long serialVersionUID = 1;

    public UnreachableException(String error) {
      super(error);
    }
  }

  public interface Client {
    Response get(String url) throws UnreachableException;
  }

  private static Engine engine;
  private static Component component;
  private static PreparedComponent prepared;

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String url;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = BuiltComponents.compile(engine, "http-js");
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.defineWasi();
    linker.defineWasiHttp();
    prepared = linker.prepare(component);
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          byte[] body = "größer 🎈".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/") ? 200 : 404, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.createContext("/silent", HttpExchange::close);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void anAnswerOfAnyStatusIsAValueAndNoAnswerAnException() throws UnreachableException {
    try (Store store = Store.create(engine)) {
      WasiConfig.builder().allowHttp().build().applyTo(store);
      Client client = prepared.instantiate(store).as(Client.class);

      assertThat(client.get(url)).isEqualTo(new Response(200, "größer 🎈"));
      assertThat(client.get(url + "no?thing")).isEqualTo(new Response(404, "größer 🎈"));
      assertThat(requests).containsExactly("GET /", "GET /no?thing");

      assertThatExceptionOfType(UnreachableException.class)
          .isThrownBy(() -> client.get(url + "silent"));
      assertThatExceptionOfType(UnreachableException.class)
          .isThrownBy(() -> client.get("no address"));
      assertThat(requests).hasSize(2);
    }
  }

  @Test
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aTimeoutEndsTheWaitingForAnAnswer() throws UnreachableException {
    CountDownLatch over = new CountDownLatch(1);
    server.createContext(
        "/hangs",
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    try (Engine interruptible = Engine.builder().interruptible(true).build();
        Component own = BuiltComponents.compile(interruptible, "http-js");
        Store store = Store.create(interruptible)) {
      WasiConfig.builder().allowHttp().build().applyTo(store);
      ComponentLinker linker = ComponentLinker.create(interruptible);
      linker.defineWasi();
      linker.defineWasiHttp();
      Client client = linker.instantiate(store, own).as(Client.class);
      assertThat(client.get(url)).isEqualTo(new Response(200, "größer 🎈"));

      store.setTimeout(Duration.ofMillis(300));
      assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> client.get(url + "hangs"));
    } finally {
      over.countDown();
    }
  }

  @Test
  void withoutPermissionItIsNotInstantiated() {
    try (Store store = Store.create(engine)) {
      WasiConfig.builder().inheritNetwork().build().applyTo(store);
      assertThatIllegalStateException()
          .isThrownBy(() -> prepared.instantiate(store))
          .withMessageContaining("without allowHttp()");
    }
    assertThat(requests).isEmpty();
  }
}
