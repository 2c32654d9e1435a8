package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
 * without, directly and by the engine's values. Each try has one value for each function of the
 * interface; {@code -Djqwik.tries.default} says how many tries there are.
 */
class RoundTripIT {
  private static final String KINDS = "test:kinds/kinds@1.2.0";
  private static final String MAPS = "test:maps/maps@1.0.0";
  private static final int IN_MEMORY = 45; // as many functions at least have values in memory
  private static final int COMPOSED = 0; // which are called by values only
  private static final Path COMPONENTS = Path.of("target/guests/components");

  /** A component whose functions are called. */
  private record Guest(ComponentInstance instance, Map<String, WitItem.Function> functions) {
    /** Those of its functions, or of the host's that they pass their values to, called directly. */
    Set<String> direct(String in) {
      Set<String> direct = new HashSet<>();
      for (String name : functions.keySet()) {
        CallPath host = instance.component().hostCallPaths().get(in + " " + name);
        if (instance.func(in, name).path().isDirect() || host != null && host.isDirect()) {
          direct.add(name);
        }
      }
      return direct;
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
        if (arguments == null) {
          continue;
        }
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

  /** All guests in one engine. */
  private static final class World implements AutoCloseable {
    private final Engine engine;
    private final Store store;
    private final Guest c;
    private final Guest cRelay;
    private final Guest cTypedRelay;
    private final Guest js;
    private final Guest jsRelay;
    private final Guest maps;
    private final Kinds cFace;
    private final Kinds cRelayFace;
    private final Kinds jsFace;
    private final Kinds jsRelayFace;

    World(boolean direct) throws IOException {
      engine =
          Engine.builder()
              .feature(WasmFeature.COMPONENT_MODEL_MAP, true)
              .directComponentCalls(direct)
              .build();
      store = Store.create(engine);
      ComponentLinker none = ComponentLinker.create(engine);
      c = guest("identity-c", KINDS, none);
      js = guest("identity-quickjs", KINDS, none);
      maps = guest("map-identity-c", MAPS, none);
      cRelay = guest("relay-c", KINDS, untyped(c.functions()));
      ComponentLinker typed = ComponentLinker.create(engine);
      typed.define(Kinds.class, MethodHandles.lookup(), identity());
      cTypedRelay = guest("relay-c", KINDS, typed);
      jsRelay = guest("relay-quickjs", KINDS, typed);
      cFace = c.instance().as(Kinds.class, MethodHandles.lookup());
      cRelayFace = cTypedRelay.instance().as(Kinds.class, MethodHandles.lookup());
      jsFace = js.instance().as(Kinds.class, MethodHandles.lookup());
      jsRelayFace = jsRelay.instance().as(Kinds.class, MethodHandles.lookup());
    }

    private Guest guest(String name, String in, ComponentLinker linker) throws IOException {
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

    // Java serves the imported interface by returning the arguments.
    private ComponentLinker untyped(Map<String, WitItem.Function> functions) {
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

    @Override
    public void close() {
      store.close();
      engine.close();
    }
  }

  private static World direct;
  private static World byValues;

  @BeforeContainer
  static void instantiate() throws IOException {
    CallCost.ignored = true; // what can be called directly is
    direct = new World(true);
    byValues = new World(false);
  }

  @AfterContainer
  static void close() {
    CallCost.ignored = false;
    direct.close();
    byValues.close();
  }

  private interface Calls {
    void make(World world, Map<String, List<Object>> values);
  }

  // In both ways; but what goes by values in both is called once.
  private static void both(
      Map<String, List<Object>> values,
      Function<World, Guest> guest,
      String in,
      int least,
      Calls calls) {
    calls.make(direct, values);
    Map<String, List<Object>> again = new LinkedHashMap<>(values);
    again.keySet().retainAll(guest.apply(direct).direct(in));
    assertThat(again).hasSizeGreaterThanOrEqualTo(least);
    assertThat(guest.apply(byValues).direct(in)).isEmpty();
    calls.make(byValues, again);
  }

  private static String wit(Method method) {
    return direct.c.functions().keySet().stream()
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
    return oneOfEach(direct.c, false);
  }

  /** Integers in JavaScript are doubles, in this guest. */
  @Provide
  Arbitrary<Map<String, List<Object>>> valuesOfJavaScript() {
    return oneOfEach(direct.js, true);
  }

  @Provide
  Arbitrary<Map<String, List<Object>>> valuesOfMaps() {
    return oneOfEach(direct.maps, false);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInC(@ForAll("values") Map<String, List<Object>> values) {
    both(
        values,
        world -> world.c,
        KINDS,
        IN_MEMORY,
        (world, some) -> {
          world.c.call(KINDS, some);
          world.c.holdsNothing();
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void withJavaTypesThroughGuestsInC(@ForAll("values") Map<String, List<Object>> values) {
    both(
        values,
        world -> world.c,
        KINDS,
        IN_MEMORY,
        (world, some) -> {
          world.c.callTyped(world.cFace, some);
          world.c.holdsNothing();
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInCAndJavaAgain(@ForAll("values") Map<String, List<Object>> values) {
    both(
        values,
        world -> world.cRelay,
        KINDS,
        IN_MEMORY,
        (world, some) -> {
          world.cRelay.call(KINDS, some);
          world.cRelay.holdsNothing();
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void withJavaTypesThroughGuestsInCAndJavaAgain(
      @ForAll("values") Map<String, List<Object>> values) {
    both(
        values,
        world -> world.cTypedRelay,
        KINDS,
        IN_MEMORY,
        (world, some) -> {
          world.cTypedRelay.callTyped(world.cRelayFace, some);
          world.cTypedRelay.holdsNothing();
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInJavaScript(@ForAll("valuesOfJavaScript") Map<String, List<Object>> values) {
    both(
        values,
        world -> world.js,
        KINDS,
        COMPOSED,
        (world, some) -> {
          world.js.call(KINDS, some);
          world.js.callTyped(world.jsFace, some);
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void throughGuestsInJavaScriptAndJavaAgain(
      @ForAll("valuesOfJavaScript") Map<String, List<Object>> values) {
    both(
        values,
        world -> world.jsRelay,
        KINDS,
        COMPOSED,
        (world, some) -> {
          world.jsRelay.call(KINDS, some);
          world.jsRelay.callTyped(world.jsRelayFace, some);
        });
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void mapsThroughGuestsInC(@ForAll("valuesOfMaps") Map<String, List<Object>> values) {
    both(values, world -> world.maps, MAPS, 5, (world, some) -> world.maps.call(MAPS, some));
  }
}
