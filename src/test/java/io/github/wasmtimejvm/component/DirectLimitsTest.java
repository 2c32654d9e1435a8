package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Direct calls that end before their end: what would be too much, and who has what then. */
class DirectLimitsTest {
  private static final WitType PAIRS =
      new WitType.ListType(
          new WitType.TupleType(List.of(WitType.Primitive.U32, WitType.Primitive.STRING)));

  private final Engine engine = Engine.builder().interruptible(true).build();
  private final Store store = Store.create(engine);
  private Runnable host = () -> {};

  @AfterEach
  void close() {
    store.close();
    engine.close();
  }

  private static final String RESOURCES =
      """
      (component
        (import "t:t/host" (instance $host (export "call" (func (param "x" u32) (result u32)))))
        (core func $call (canon lower (func $host "call")))
        (type $r' (resource (rep i32)))
        (export $r "r" (type $r'))
        (core func $new (canon resource.new $r'))
        (core module $m
          (import "h" "call" (func $call (param i32) (result i32)))
          (import "h" "new" (func $new (param i32) (result i32)))
          (memory (export "m") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (drop (call $call (i32.const 0)))
            (i32.const 1024))
          (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
          (func (export "take") (param i32 i32 i32)))
        (core instance $i (instantiate $m (with "h" (instance
          (export "call" (func $call)) (export "new" (func $new))))))
        (func (export "make") (param "x" u32) (result (own $r))
          (canon lift (core func $i "make")))
        (func (export "take") (param "r" (own $r)) (param "x" (list u8))
          (canon lift (core func $i "take") (memory (core memory $i "m"))
            (realloc (core func $i "realloc")))))
      """;

  @Test
  void aCallThatIsStoppedWhenTheGuestHasAHandleSpendsTheStore() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(
        "t:t/host",
        "call",
        _ -> {
          host.run();
          return 0L;
        });
    ComponentInstance instance;
    try (Component component = Component.fromWat(engine, RESOURCES)) {
      instance = linker.instantiate(store, component);
    }
    ComponentFunc take = instance.func("take");
    assertThat(take.path().isDirect()).isTrue();
    take.call(instance.func("make").call(1L), new byte[1]);
    GuestResource second = (GuestResource) instance.func("make").call(2L);
    host = Thread.currentThread()::interrupt;
    try {
      assertThatExceptionOfType(StoppedException.class)
          .isThrownBy(() -> take.call(second, new byte[1]));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(instance.isUsable()).isFalse();
    second.close(); // it is the guest's, and went with it
  }

  private static final String TWO_RESOURCES =
      """
      (component
        (type $a' (resource (rep i32)))
        (type $b' (resource (rep i32)))
        (export $a "a" (type $a'))
        (export $b "b" (type $b'))
        (core func $new-a (canon resource.new $a'))
        (core func $new-b (canon resource.new $b'))
        (core module $m
          (memory (export "m") 1)
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
          (func (export "take") (param i32 i32 i32 i32)))
        (core instance $i (instantiate $m))
        (func (export "make-a") (param "x" u32) (result (own $a))
          (canon lift (core func $new-a)))
        (func (export "make-b") (param "x" u32) (result (own $b))
          (canon lift (core func $new-b)))
        (func (export "take") (param "a" (own $a)) (param "b" (own $b)) (param "x" (list u8))
          (canon lift (core func $i "take") (memory (core memory $i "m"))
            (realloc (core func $i "realloc")))))
      """;

  // What is made by identity has another order each time: there are enough of them.
  @Test
  void handlesOfTwoResourcesKeepTheirNames() {
    for (int i = 0; i < 16; i++) {
      ComponentInstance instance;
      try (Component component = Component.fromWat(engine, TWO_RESOURCES);
          Component read = Component.deserialize(engine, component.serialize())) {
        instance = ComponentLinker.create(engine).instantiate(store, read);
      }
      ComponentFunc take = instance.func("take");
      assertThat(take.path().isDirect()).isTrue();
      take.call(instance.func("make-a").call(1L), instance.func("make-b").call(2L), new byte[1]);
    }
  }

  @Test
  void whatIsTooMuchForJavaIsRefused() {
    // As many pairs as the memory has room for, and each of them again as a list of pairs.
    WitType lists = new WitType.ListType(PAIRS);
    LyingComponent text = new LyingComponent("utf8", 64, 64, List.of(lists));
    ComponentLinker linker = ComponentLinker.create(engine);
    text.hostFunctions().forEach(name -> linker.define("t:t/host", name, _ -> 0L));
    try (Component component = Component.fromWat(engine, text.wat())) {
      ComponentInstance other = linker.instantiate(store, component);
      ByteBuffer bytes = ByteBuffer.allocate(16 * 1024).order(ByteOrder.LITTLE_ENDIAN);
      long at = 1 << 20;
      bytes.putInt((int) at + 8).putInt(1000);
      for (int i = 0; i < 1000; i++) {
        bytes.putInt(2 << 20).putInt((2 << 20) / 12); // all the same
      }
      other.func("poke").call(at, bytes.array());
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> other.func("r0").call(at))
          .withMessageContaining("too many");
      assertThat(other.isUsable()).isFalse();
    }
  }

  @Test
  void flagsThatAreSetCountAsWell() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < 32; i++) {
      names.add("n" + i);
    }
    String flags = names.stream().map(" \"%s\""::formatted).collect(Collectors.joining());
    String text =
        new EchoComponent().type("some", "(flags" + flags + ")").lists("f", "$some").wat();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define("t:t/host", "f", args -> args[0]);
    try (Component component = Component.fromWat(engine, text)) {
      ComponentFunc func = linker.instantiate(store, component).func("f");
      List<Set<String>> none = Collections.nCopies(500_000, Set.of());
      assertThat(func.call(none)).isEqualTo(none);
      List<Set<String>> all = Collections.nCopies(500_000, names);
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> func.call(all))
          .withMessageContaining("too many");
    }
  }
}
