package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.ComponentPool;
import io.github.wasmtimejvm.component.ErrException;
import io.github.wasmtimejvm.component.GuestResource;
import io.github.wasmtimejvm.component.PreparedComponent;
import io.github.wasmtimejvm.component.WitItem;
import io.github.wasmtimejvm.component.WitType;
import io.github.wasmtimejvm.wasi.WasiConfig;
import io.github.wasmtimejvm.wasi.WasiProgram;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The components that a sequence begins with: hosts that misbehave, and guests that run. */
final class ComponentWorld {
  private final Sequence sequence;
  private final Callbacks callbacks;
  private final Random random;

  ComponentWorld(Sequence sequence, Callbacks callbacks, Random random) {
    this.sequence = sequence;
    this.callbacks = callbacks;
    this.random = random;
  }

  /** Puts components, and instances of them in those stores, into the sequence's pool. */
  void build(Engine engine, List<Store> stores) {
    ComponentLinker linker = ComponentLinker.create(engine);
    add(linker);
    linker.defineWasi();
    linker.allowShadowing(random.nextInt(4) > 0);
    linker.define(ComponentShapes.Log.class, MethodHandles.lookup(), new Log());
    linker.defineForEachStore(ComponentShapes.Blobs.class, MethodHandles.lookup(), _ -> new Host());
    if (random.nextBoolean()) {
      linker.trapUnknownImports();
    }
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      ComponentCorpus guest = ComponentCorpus.any(random);
      try {
        Component component = Component.fromBytes(engine, guest.binary());
        add(component);
        if (random.nextInt(4) > 0) {
          functions(linker, component);
        }
        PreparedComponent prepared = linker.prepare(component);
        add(prepared);
        sequence.prepared.put(prepared, guest);
        stores.forEach(store -> instantiate(prepared, store, guest));
        pool(prepared);
        add(WasiProgram.of(component));
      } catch (WasmtimeException notForThisEngine) {
        sequence.count("refused", guest.name());
      } catch (Throwable t) {
        sequence.threw("ComponentWorld.build", t, true, random);
      }
    }
  }

  private void pool(PreparedComponent prepared) {
    int size = 1 + random.nextInt(3);
    Random own = new Random(random.nextLong());
    add(
        random.nextBoolean()
            ? ComponentPool.fresh(prepared, size, store -> World.bound(store, own))
            : ComponentPool.reusing(prepared, size, store -> World.bound(store, own)));
  }

  /** Puts new instances into new stores: most of the old ones soon cannot be used any more. */
  void again() {
    sequence.componentFunctions.clear();
    sequence.prepared.forEach(
        (prepared, guest) -> {
          try {
            Engine engine = prepared.component().engine();
            Store store = random.nextBoolean() ? Store.create(engine) : Store.createShared(engine);
            add(store);
            World.bound(store, random);
            if (guest.name().equals("exits")) {
              WasiConfig.builder().build().applyTo(store);
            }
            instantiate(prepared, store, guest);
          } catch (Throwable closed) {
            sequence.threw("ComponentWorld.again", closed, false, random);
          }
        });
  }

  // What the host does while it starts is nothing to us.
  private void instantiate(PreparedComponent prepared, Store store, ComponentCorpus guest) {
    try {
      ComponentInstance instance = prepared.instantiate(store);
      add(instance);
      eachFunction(
          prepared.component().exports(),
          (in, name) -> {
            ComponentFunc func = in.isEmpty() ? instance.func(name) : instance.func(in, name);
            sequence.componentFunctions.add(func);
            add(func);
          });
      if (guest.shape() != null) {
        add(instance.as(guest.shape(), MethodHandles.lookup()));
      }
    } catch (Throwable t) {
      sequence.count("instantiate a component", String.valueOf(t).lines().findFirst().orElse(""));
      sequence.threw("ComponentWorld.instantiate", t, true, random);
    }
  }

  static void eachFunction(Map<String, WitItem> items, BiConsumer<String, String> action) {
    items.forEach(
        (name, item) -> {
          if (item instanceof WitItem.Function) {
            action.accept("", name);
          } else if (item instanceof WitItem.Interface(Map<String, WitItem> inner)) {
            inner.forEach(
                (function, innerItem) -> {
                  if (innerItem instanceof WitItem.Function) {
                    action.accept(name, function);
                  }
                });
          }
        });
  }

  // Functions of the host's without Java types, for what no interface was defined for.
  private void functions(ComponentLinker linker, Component component) {
    component
        .imports()
        .forEach(
            (in, item) -> {
              if (item instanceof WitItem.Interface(Map<String, WitItem> items)
                  && in.equals("t:t/host")) {
                items.forEach(
                    (name, function) -> {
                      if (function instanceof WitItem.Function type) {
                        define(linker, in, name, type);
                      }
                    });
              }
            });
  }

  private void define(ComponentLinker linker, String in, String name, WitItem.Function type) {
    Random own = new Random(random.nextLong());
    try {
      linker.define(
          in,
          name,
          arguments -> {
            sequence.noteEntered();
            for (Object argument : arguments) {
              add(argument);
            }
            callbacks.misbehave(own, 0);
            WitType result = type.result();
            if (own.nextInt(20) == 0) {
              throw new ErrException("injected");
            }
            boolean isEcho = arguments.length == 1 && own.nextInt(4) > 0;
            return result == null
                ? null
                : isEcho
                    ? arguments[0]
                    : values(sequence, own, own.nextInt(3) == 0 ? 10 : 0).of(result);
          });
    } catch (WasmtimeException definedByAnother) {
      sequence.count("refused", "definition");
    }
  }

  /** Makes values, with resources of the pool. */
  static ComponentValues values(Sequence sequence, Random random, int wrong) {
    return new ComponentValues(
        random,
        _ ->
            random.nextBoolean()
                ? sequence.pool.any(GuestResource.class, random)
                : random.nextBoolean()
                    ? sequence.pool.any(ComponentShapes.Blobs.Blob.class, random)
                    : sequence.pool.any(ComponentShapes.Thing.class, random),
        wrong);
  }

  private void misbehave() {
    sequence.noteEntered();
    try {
      callbacks.misbehave(random, 0);
    } catch (Throwable t) {
      throw sneaky(t);
    }
  }

  @SuppressWarnings("unchecked") // so that the compiler does not see it
  private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private void add(@Nullable Object object) {
    sequence.pool.add(object, random);
  }

  private final class Log implements ComponentShapes.Log {
    @Override
    public void dropped(long number) {
      misbehave();
    }
  }

  private final class Host implements ComponentShapes.Blobs {
    private final List<Blob> kept = new ArrayList<>();

    @Override
    public @Nullable Blob newBlob(long size) {
      misbehave();
      return random.nextInt(20) == 0 ? null : blob(size);
    }

    private Blob blob(long size) {
      Blob blob = new HostBlob(size);
      add(blob);
      return blob;
    }

    @Override
    public long blobCount() {
      misbehave();
      return random.nextInt(20) - 1;
    }

    @Override
    public void look(Blob it) {
      add(it);
      misbehave();
    }

    @Override
    public void keep(Blob it) {
      kept.add(it);
      misbehave();
    }
  }

  private final class HostBlob implements ComponentShapes.Blobs.Blob {
    private final long size;

    HostBlob(long size) {
      this.size = size;
    }

    @Override
    public long size() {
      misbehave();
      return size;
    }

    @Override
    public ComponentShapes.Blobs.Blob join(ComponentShapes.Blobs.Blob other) {
      add(other);
      misbehave();
      return random.nextBoolean() ? this : other;
    }

    @Override
    public void close() {
      misbehave();
    }
  }
}
