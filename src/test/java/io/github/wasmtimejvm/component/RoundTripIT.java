package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineBuilder;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmFeature;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Values of every type go through components in C and in JavaScript and come back: from Java to a
 * guest to Java, and on the way to Java again and back through the guest, with Java types and
 * without. Each try has one value for each function of the interface; {@code -Djqwik.tries.default}
 * says how many tries there are.
 */
class RoundTripIT {
  private static final String KINDS = "test:kinds/kinds@1.2.0";
  private static final Path COMPONENTS = Path.of("target/guests/components");

  /** A component whose functions are called. */
  private record Guest(ComponentInstance instance, Map<String, WitItem.Function> functions) {
    static Guest of(String name, String in, ComponentLinker linker) throws IOException {
      try (Component component = Component.fromFile(engine, COMPONENTS.resolve(name + ".wasm"))) {
        Map<String, WitItem.Function> functions = new LinkedHashMap<>();
        ((WitItem.Interface) component.exports().get(in))
            .items()
            .forEach(
                (function, item) -> {
                  if (item instanceof WitItem.Function type) {
                    functions.put(function, type);
                  }
                });
        return new Guest(linker.instantiate(store, component), functions);
      }
    }

    /** Calls all functions without Java types. */
    void call(String in, Map<String, List<Object>> values) {
      values.forEach(
          (name, arguments) ->
              check(name, arguments, instance.func(in, name).call(arguments.toArray())));
    }

    /** Calls all functions by the methods of an interface. */
    void callTyped(Object face, Map<String, List<Object>> values) {
      for (Method method : Kinds.class.getMethods()) {
        String name = wit(method);
        WitItem.Function type = functions.get(name);
        List<Object> arguments = values.get(name);
        @Nullable Object[] typed = new Object[arguments.size()];
        for (int i = 0; i < typed.length; i++) {
          typed[i] =
              JavaForm.typed(
                  type.params().get(i).type(),
                  method.getGenericParameterTypes()[i],
                  arguments.get(i));
        }
        try {
          Object result = method.invoke(face, typed);
          check(name, arguments, result == null ? null : JavaForm.untyped(type.result(), result));
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new AssertionError(name + Arrays.toString(typed), e);
        }
      }
    }

    private static void check(String name, List<Object> arguments, @Nullable Object result) {
      Object expected =
          arguments.isEmpty() ? null : arguments.size() == 1 ? arguments.getFirst() : arguments;
      assertThat(SameValue.is(expected, result))
          .as("%s of %s gave %s", name, expected, result)
          .isTrue();
    }

    void holdsNothing() {
      assertThat(instance.func("held").call()).isEqualTo(0L);
    }
  }

  private static Engine engine;
  private static Store store;
  private static Guest c;
  private static Guest cRelay;
  private static Guest cTypedRelay;
  private static Guest js;
  private static Guest jsRelay;
  private static Guest maps;
  private static Kinds cFace;
  private static Kinds cRelayFace;
  private static Kinds jsFace;
  private static Kinds jsRelayFace;

  @BeforeContainer
  static void instantiate() throws IOException {
    EngineBuilder builder = Engine.builder().feature(WasmFeature.COMPONENT_MODEL_MAP, true);
    engine = builder.build();
    store = Store.create(engine);
    ComponentLinker none = ComponentLinker.create(engine);
    c = Guest.of("identity-c", KINDS, none);
    js = Guest.of("identity-quickjs", KINDS, none);
    maps = Guest.of("map-identity-c", "test:maps/maps@1.0.0", none);
    cRelay = Guest.of("relay-c", KINDS, untyped(c.functions()));
    ComponentLinker typed = ComponentLinker.create(engine);
    typed.define(Kinds.class, MethodHandles.lookup(), identity());
    cTypedRelay = Guest.of("relay-c", KINDS, typed);
    jsRelay = Guest.of("relay-quickjs", KINDS, typed);
    cFace = c.instance().as(Kinds.class, MethodHandles.lookup());
    cRelayFace = cTypedRelay.instance().as(Kinds.class, MethodHandles.lookup());
    jsFace = js.instance().as(Kinds.class, MethodHandles.lookup());
    jsRelayFace = jsRelay.instance().as(Kinds.class, MethodHandles.lookup());
  }

  @AfterContainer
  static void close() {
    store.close();
    engine.close();
  }

  // Java serves the imported interface by returning the arguments.
  private static ComponentLinker untyped(Map<String, WitItem.Function> functions) {
    ComponentLinker linker = ComponentLinker.create(engine);
    functions.forEach(
        (name, type) ->
            linker.define(
                KINDS,
                name,
                arguments ->
                    type.result() == null
                        ? null
                        : arguments.length == 1 ? arguments[0] : Arrays.asList(arguments)));
    return linker;
  }

  private static Kinds identity() {
    return (Kinds)
        Proxy.newProxyInstance(
            Kinds.class.getClassLoader(),
            new Class<?>[] {Kinds.class},
            (_, method, arguments) ->
                arguments == null
                    ? null
                    : arguments.length == 1
                        ? arguments[0]
                        : JavaForm.make(method.getReturnType(), arguments));
  }

  private static String wit(Method method) {
    return c.functions().keySet().stream()
        .filter(name -> WitNames.camel(name).equals(method.getName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(method));
  }

  private static Arbitrary<Map<String, List<Object>>> oneOfEach(Guest guest, boolean doubles) {
    WitArbitraries arbitraries = new WitArbitraries(doubles);
    List<String> names = new ArrayList<>(guest.functions().keySet());
    List<Arbitrary<List<Object>>> values =
        names.stream().map(name -> arbitraries.of(guest.functions().get(name).params())).toList();
    return Combinators.combine(values)
        .as(
            lists -> {
              Map<String, List<Object>> all = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                all.put(names.get(i), lists.get(i));
              }
              return all;
            });
  }

  @Provide
  Arbitrary<Map<String, List<Object>>> values() {
    return oneOfEach(c, false);
  }

  /** Integers in JavaScript are doubles, in this guest. */
  @Provide
  Arbitrary<Map<String, List<Object>>> valuesOfJavaScript() {
    return oneOfEach(js, true);
  }

  @Provide
  Arbitrary<Map<String, List<Object>>> valuesOfMaps() {
    return oneOfEach(maps, false);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInC(@ForAll("values") Map<String, List<Object>> values) {
    c.call(KINDS, values);
    c.holdsNothing();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void withJavaTypesThroughGuestsInC(@ForAll("values") Map<String, List<Object>> values) {
    c.callTyped(cFace, values);
    c.holdsNothing();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInCAndJavaAgain(@ForAll("values") Map<String, List<Object>> values) {
    cRelay.call(KINDS, values);
    cRelay.holdsNothing();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void withJavaTypesThroughGuestsInCAndJavaAgain(
      @ForAll("values") Map<String, List<Object>> values) {
    cTypedRelay.callTyped(cRelayFace, values);
    cTypedRelay.holdsNothing();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInJavaScript(@ForAll("valuesOfJavaScript") Map<String, List<Object>> values) {
    js.call(KINDS, values);
    js.callTyped(jsFace, values);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInJavaScriptAndJavaAgain(
      @ForAll("valuesOfJavaScript") Map<String, List<Object>> values) {
    jsRelay.call(KINDS, values);
    jsRelay.callTyped(jsRelayFace, values);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void mapsThroughGuestsInC(@ForAll("valuesOfMaps") Map<String, List<Object>> values) {
    maps.call("test:maps/maps@1.0.0", values);
  }
}
