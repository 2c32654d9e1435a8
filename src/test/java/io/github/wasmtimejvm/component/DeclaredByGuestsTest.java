package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A guest declares what it imports; that must not open more of the host than the host means. */
class DeclaredByGuestsTest {
  /** Has no resource at all. */
  @WitName("t:t/names@1.0.0")
  public interface Names {
    String name();
  }

  /** Has a resource. */
  @WitName("t:t/logs@1.0.0")
  public interface Logs {
    Log newLog();

    /** The resource. */
    class Log extends Base implements AutoCloseable {
      public void write() {}

      @Override
      public void close() {}
    }

    /** What the resource inherits. */
    class Base {
      public void reset() {}

      @WitName("flush")
      public void flushAll() {}
    }
  }

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private <T> String problems(Class<T> type, T object, String imports) {
    ComponentLinker linker = ComponentLinker.create(fixture.engine());
    linker.define(type, object);
    try (Component component = Component.fromWat(fixture.engine(), imports)) {
      linker.prepare(component);
      return "";
    } catch (LinkException e) {
      return e.getMessage();
    }
  }

  @Test
  void anObjectThatTheHostDoesNotCallAResourceIsNone() {
    String imports =
        """
        (component
          (import "t:t/names@1.0.0" (instance
            (export "evil" (type $evil (sub resource)))
            (export "name" (func (result (own $evil))))
            (export "[method]evil.repeat"
              (func (param "self" (borrow $evil)) (param "count" s32) (result (own $evil)))))))
        """;
    assertThat(problems(Names.class, () -> "name", imports))
        .contains("nothing says that java.lang.String is the resource evil")
        .contains("[method]evil.repeat: nothing defines it");
  }

  private static String logs(String method) {
    return """
    (component
      (import "t:t/logs@1.0.0" (instance
        (export "log" (type $log (sub resource)))
        (export "[constructor]log" (func (result (own $log))))
        (export "[method]log.%s" (func (param "self" (borrow $log)))))))
    """
        .formatted(method);
  }

  @Test
  void guestsCallOnlyWhatTheClassOfAResourceDeclares() {
    assertThat(problems(Logs.class, Logs.Log::new, logs("write"))).isEmpty();
    assertThat(problems(Logs.class, Logs.Log::new, logs("flush"))).isEmpty();
    for (String method : new String[] {"close", "reset", "hash-code", "get-class"}) {
      assertThat(problems(Logs.class, Logs.Log::new, logs(method)))
          .as(method)
          .contains("[method]log." + method + ": nothing defines it");
    }
  }

  @Test
  void tooManyParametersAreRefusedWithTheName() {
    String params =
        IntStream.range(0, 200)
            .mapToObj(i -> "(param \"p" + i + "\" u32)")
            .collect(Collectors.joining(" "));
    ComponentLinker linker = ComponentLinker.create(fixture.engine());
    linker.define("t:t/wide", "wide", args -> null);
    try (Component component =
        Component.fromWat(
            fixture.engine(),
            "(component (import \"t:t/wide\" (instance (export \"wide\" (func %s)))))"
                .formatted(params))) {
      assertThatExceptionOfType(LinkException.class)
          .isThrownBy(() -> linker.prepare(component))
          .withMessageContaining("t:t/wide wide: a function of the host's has at most 80");
    }
  }

  /** A guest declares a resource with a destructor, which is entered to drop it. */
  @Test
  void aResourceThatCannotBeDroppedNowIsNotLost() {
    String wat =
        """
        (component
          (core module $d
            (global $dropped (export "dropped") (mut i32) (i32.const 0))
            (func (export "drop") (param i32)
              (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
            (func (export "count") (result i32) (global.get $dropped)))
          (core instance $i (instantiate $d))
          (type $r (resource (rep i32) (dtor (core func $i "drop"))))
          (core func $new (canon resource.new $r))
          (core module $m
            (import "" "new" (func $new (param i32) (result i32)))
            (func (export "make") (result i32) (call $new (i32.const 7))))
          (core instance $j (instantiate $m (with "" (instance (export "new" (func $new))))))
          (func $make (result (own $r)) (canon lift (core func $j "make")))
          (func $count (result u32) (canon lift (core func $i "count")))
          (component $shim
            (import "r" (type $r (sub resource)))
            (import "make" (func $make (result (own $r))))
            (export $r2 "r" (type $r))
            (export "make" (func $make) (func (result (own $r2)))))
          (instance $out (instantiate $shim (with "r" (type $r)) (with "make" (func $make))))
          (export "t:t/things" (instance $out))
          (export "count" (func $count)))
        """;
    try (Engine engine = Engine.builder().interruptible(true).build();
        Component component = Component.fromWat(engine, wat);
        Store store = Store.create(engine)) {
      ComponentInstance instance = ComponentLinker.create(engine).instantiate(store, component);
      GuestResource resource = (GuestResource) instance.func("t:t/things", "make").call();
      Thread.currentThread().interrupt();
      try {
        assertThatExceptionOfType(StoppedException.class).isThrownBy(resource::close);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(instance.func("count").call()).isEqualTo(0L);
      resource.close();
      resource.close();
      assertThat(instance.func("count").call()).isEqualTo(1L);
    }
  }
}
