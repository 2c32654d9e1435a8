package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.WasmFeature;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.binary.MalformedComponentException;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.SameValue;
import io.github.wasmtimejvm.component.WitItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changed components are read and compiled: what the engine compiles, our reader must read; and
 * random values of random types go through components that give them back.
 */
final class ComponentFuzzAttack implements Attack {
  /** A property with a folder of further components to change. */
  static final String FOLDER = "wasmtimejvm.attack.components";

  // The engine's own bound, which cannot be set: 128 MiB.
  private static final String TOO_MUCH = "too much data is being copied between the host and";
  private static final int LARGEST = 200_000;
  private static final StoreLimits LIMITS = new StoreLimits(64 << 20, 10_000, 50, 50, 50);
  private static final long FUEL = 20_000_000;

  private final Journal journal;
  private final Engine engine =
      Engine.builder()
          .consumeFuel(true)
          .feature(WasmFeature.COMPONENT_MODEL_MAP, true)
          .parallelCompilation(false)
          .build();
  private final List<byte[]> binaries = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();

  ComponentFuzzAttack(Journal journal) {
    this.journal = journal;
    ComponentCorpus.ALL.forEach(
        known -> {
          binaries.add(known.binary());
          texts.add(known.text());
        });
    String folder = System.getProperty(FOLDER);
    if (folder != null && Files.isDirectory(Path.of(folder))) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".wasm")).sorted().toList()) {
          if (Files.size(file) < LARGEST) {
            binaries.add(Files.readAllBytes(file));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void run(long seed, Tally tally) {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    switch (random.nextInt(5)) {
      case 0 -> values(seed, random, tally);
      case 1 -> text(seed, random, tally);
      default -> {
        byte[] other = binaries.get(random.nextInt(binaries.size()));
        byte[] base = binaries.get(random.nextInt(binaries.size()));
        changed(seed, "changed", new Mutator(random).mutate(base, other), random, tally);
      }
    }
  }

  private void text(long seed, Random random, Tally tally) {
    String text = new Mutator(random).mutate(texts.get(random.nextInt(texts.size())));
    byte[] binary;
    try {
      binary = Module.wat2wasm(text);
    } catch (CompileException e) {
      tally.count("component", "changed text", "no text format");
      return;
    }
    changed(seed, "changed text", binary, random, tally);
  }

  private void changed(long seed, String origin, byte[] binary, Random random, Tally tally) {
    journal.note("read " + binary.length + " bytes, " + origin);
    String read;
    try {
      io.github.wasmtimejvm.binary.Component.read(binary);
      read = "read";
    } catch (MalformedComponentException e) {
      read = "refused: " + e.getMessage();
    } catch (Throwable t) {
      tally.unexpected(seed, "the reader failed", t);
      return;
    }
    journal.note("compile");
    boolean isRead = read.equals("read");
    try (Component component = Component.fromBytes(engine, binary)) {
      tally.count("component", origin, "compiled");
      if (!isRead) {
        tally.unexpected(seed, "compiled, but not read", read);
      }
      instantiate(component, random, tally);
    } catch (CompileException e) {
      if (String.valueOf(e.getMessage()).contains("this library cannot read")) {
        tally.unexpected(seed, "valid, but not read", e);
      }
      tally.count("component", origin, isRead ? "read, not compiled" : "neither");
    }
  }

  private void instantiate(Component component, Random random, Tally tally) {
    journal.note("instantiate");
    component.imports().values().forEach(Object::toString);
    component.exports().values().forEach(Object::toString);
    try (Store store = store()) {
      ComponentLinker linker = ComponentLinker.create(engine);
      linker.trapUnknownImports();
      ComponentInstance instance = linker.instantiate(store, component);
      tally.count(Tally.ENTERED, AttackKind.COMPONENT_FUZZ.toString());
      List<ComponentFunc> functions = new ArrayList<>();
      ComponentWorld.eachFunction(
          component.exports(),
          (in, name) ->
              functions.add(in.isEmpty() ? instance.func(name) : instance.func(in, name)));
      for (int n = 3; n > 0 && !functions.isEmpty(); n--) {
        ComponentFunc func = functions.get(random.nextInt(functions.size()));
        ComponentValues values = new ComponentValues(random, _ -> null, 0);
        journal.note("call " + func.type());
        try {
          func.call(values.of(func.type().params()));
          tally.count("call of what was changed", "returned");
        } catch (WasmtimeException | IllegalArgumentException | IllegalStateException e) {
          tally.count("call of what was changed", e.getClass().getSimpleName());
        }
      }
    } catch (WasmtimeException | IllegalStateException e) {
      tally.count("instantiation of what was changed", e.getClass().getSimpleName());
    }
  }

  private Store store() {
    Store store = Store.create(engine);
    store.limit(LIMITS);
    store.setFuel(FUEL);
    return store;
  }

  private void values(long seed, Random random, Tally tally) {
    String text = new ComponentTypes(random).wat();
    journal.note("values");
    byte[] binary = Module.wat2wasm(text);
    try (Component component = Component.fromBytes(engine, binary);
        Store store = store()) {
      ComponentLinker linker = ComponentLinker.create(engine);
      component
          .imports()
          .forEach(
              (in, item) -> {
                if (item instanceof WitItem.Interface(Map<String, WitItem> items)) {
                  items.forEach(
                      (name, inner) -> {
                        if (inner instanceof WitItem.Function) {
                          linker.define(in, name, arguments -> arguments[0]);
                        }
                      });
                }
              });
      ComponentInstance instance = linker.instantiate(store, component);
      tally.count(Tally.ENTERED, AttackKind.COMPONENT_FUZZ.toString());
      ComponentWorld.eachFunction(
          component.exports(),
          (_, name) -> {
            ComponentFunc func = instance.func(name);
            for (int n = 4; n > 0; n--) {
              store.setFuel(FUEL);
              call(seed, func, random, tally);
            }
          });
    } catch (EngineException tooMuch) {
      tally.count("values", TOO_MUCH); // and its store is spent
    } catch (CompileException e) {
      tally.unexpected(seed, "a generated component is not valid", e.getMessage() + "\n" + text);
    }
  }

  private void call(long seed, ComponentFunc func, Random random, Tally tally) {
    ComponentValues values = new ComponentValues(random, _ -> null, random.nextInt(3) == 0 ? 8 : 0);
    @Nullable Object[] arguments = values.of(func.type().params());
    journal.note("call " + func.type());
    try {
      Object result = func.call(arguments);
      if (SameValue.is(arguments[0], result)) {
        tally.count("values", "came back");
      } else {
        tally.unexpected(
            seed, "another value came back", func.type() + "\n" + arguments[0] + "\n" + result);
      }
    } catch (IllegalArgumentException e) {
      tally.count("values", "refused");
      if (values.fits()) {
        tally.unexpected(seed, "a value that fits was refused", e);
      }
    } catch (WasmtimeException e) {
      if (String.valueOf(e.getMessage()).startsWith(TOO_MUCH)) {
        throw e;
      }
      tally.unexpected(seed, "a value was not passed on", e);
    }
  }
}
