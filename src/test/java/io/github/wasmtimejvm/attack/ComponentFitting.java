package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.ComponentPool;
import io.github.wasmtimejvm.component.PreparedComponent;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Executable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes arguments go together, as {@link Fitting} does, where components are concerned. */
final class ComponentFitting {
  private final Sequence sequence;
  private final Random random;

  ComponentFitting(Sequence sequence, Random random) {
    this.sequence = sequence;
    this.random = random;
  }

  /** Changes the arguments of a call of that method; leaves them where nothing fits. */
  void fit(
      Executable executable, String name, @Nullable Object receiver, @Nullable Object[] arguments) {
    switch (name) {
      case "Component.fromWat" -> arguments[1] = ComponentCorpus.any(random).text();
      case "Component.fromBytes" -> arguments[1] = changed(ComponentCorpus.any(random).binary());
      case "ComponentFunc.call" ->
          arguments[0] =
              ComponentWorld.values(sequence, random, random.nextInt(3) == 0 ? 5 : 0)
                  .of(((ComponentFunc) receiver).type().params());
      case "ComponentInstance.func" -> function((ComponentInstance) receiver, arguments);
      case "ComponentInstance.as" -> shape(arguments, 0);
      case "ComponentLinker.define", "ComponentLinker.defineForEachStore" -> {
        if (executable.getParameterTypes()[0] == Class.class) {
          shape(arguments, 0);
        } else if (arguments.length == 3) {
          arguments[0] = random.nextBoolean() ? "t:t/host" : "";
          arguments[1] = List.of("bytes", "call", "again", "texts").get(random.nextInt(4));
        }
      }
      case "ComponentLinker.instantiate" -> {
        Engine engine = ((ComponentLinker) receiver).engine();
        arguments[0] = store(engine);
        arguments[1] = component(engine);
      }
      case "ComponentLinker.prepare" ->
          arguments[0] = component(((ComponentLinker) receiver).engine());
      case "PreparedComponent.instantiate" ->
          arguments[0] = store(((PreparedComponent) receiver).component().engine());
      case "ComponentPool.fresh", "ComponentPool.reusing" -> arguments[1] = random.nextInt(5);
      default -> {}
    }
  }

  /** Changes what would never come back. */
  void bound(Executable executable, @Nullable Object[] arguments) {
    if (executable.getDeclaringClass() == ComponentPool.class
        && executable.getName().equals("take")) {
      arguments[0] =
          random.nextInt(20) == 0
              ? Duration.ofSeconds(Long.MIN_VALUE)
              : Duration.ofMillis(random.nextInt(20) - 1);
    }
  }

  private void function(ComponentInstance instance, @Nullable Object[] arguments) {
    List<String[]> all = new ArrayList<>();
    ComponentWorld.eachFunction(
        instance.component().exports(), (in, name) -> all.add(new String[] {in, name}));
    String[] one = all.get(random.nextInt(all.size()));
    arguments[arguments.length - 1] = one[1];
    if (arguments.length == 2) {
      arguments[0] = one[0].isEmpty() ? null : one[0];
      sequence.noteNull();
    }
  }

  private void shape(@Nullable Object[] arguments, int at) {
    arguments[at] = ComponentShapes.ALL.get(random.nextInt(ComponentShapes.ALL.size()));
    if (arguments.length > at + 1 && arguments[at + 1] instanceof MethodHandles.Lookup) {
      arguments[at + 1] = MethodHandles.lookup();
    }
  }

  private @Nullable Store store(Engine engine) {
    Store store = null;
    for (int i = 0; i < 5 && (store == null || store.engine() != engine); i++) {
      store = sequence.pool.any(Store.class, random);
    }
    return store;
  }

  private @Nullable Component component(Engine engine) {
    Component component = null;
    for (int i = 0; i < 5 && (component == null || component.engine() != engine); i++) {
      component = sequence.pool.any(Component.class, random);
    }
    return component;
  }

  private byte[] changed(byte[] binary) {
    return random.nextBoolean() ? binary : new Mutator(random).mutate(binary, binary);
  }
}
