package io.github.wasmtimejvm.testing;

import static org.assertj.core.api.SoftAssertions.assertSoftly;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An engine and what tests make with it, opened when they are asked for and closed afterwards, in
 * reverse order.
 *
 * <p>In a static field of a test class, with {@code @RegisterExtension}, the engine and its modules
 * are of the class; in another field, of each test. Stores and linkers are always of one test. The
 * fields of the test that stand after this one may ask for all of them. Static ones may not: a
 * class can run more than once, and has another engine each time.
 */
public final class EngineFixture implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final EngineBuilder settings;
  private final Deque<ThrowingCallable> closesOfEngine = new ArrayDeque<>();
  private final Deque<ThrowingCallable> closesOfTest = new ArrayDeque<>();
  private final Map<Path, Module> modules = new HashMap<>();
  private @Nullable Engine engine;
  private boolean ofClass;

  private EngineFixture(EngineBuilder settings) {
    this.settings = settings;
  }

  /** With an engine that has the default settings. */
  public static EngineFixture create() {
    return of(Engine.builder());
  }

  /** With an engine that has these settings. */
  public static EngineFixture of(EngineBuilder settings) {
    return new EngineFixture(settings);
  }

  /** The engine; it is the same one as long as it is open. */
  public Engine engine() {
    if (engine == null) {
      engine = settings.build();
      closesOfEngine.push(engine::close);
    }
    return engine;
  }

  /** The guest {@code name} beside {@code test}; compiled once as long as the engine is open. */
  public Module compile(Class<?> test, String name) {
    return modules.computeIfAbsent(
        Guests.file(test, name),
        _ -> {
          Module module = Guests.compile(engine(), test, name);
          closesOfEngine.push(module::close);
          return module;
        });
  }

  /** A new store, for this test. */
  public Store newStore() {
    Store store = Store.create(engine());
    afterTest(store::close);
    return store;
  }

  /** A new linker, for this test. */
  public Linker newLinker() {
    Linker linker = Linker.create(engine());
    afterTest(linker::close);
    return linker;
  }

  void afterTest(ThrowingCallable close) {
    closesOfTest.push(close);
  }

  /** JUnit calls this for static fields only. */
  @Override
  public void beforeAll(ExtensionContext context) {
    ofClass = true;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close(!ofClass);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close(true);
  }

  private void close(boolean engineToo) {
    assertSoftly(
        softly -> {
          while (!closesOfTest.isEmpty()) {
            softly.assertThatCode(closesOfTest.pop()).doesNotThrowAnyException();
          }
          while (engineToo && !closesOfEngine.isEmpty()) {
            softly.assertThatCode(closesOfEngine.pop()).doesNotThrowAnyException();
          }
        });
    if (engineToo) {
      engine = null;
      modules.clear();
    }
  }
}
