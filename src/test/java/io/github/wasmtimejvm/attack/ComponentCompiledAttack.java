package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StoreLimits;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.attack.FuzzEngines.Setup;
import io.github.wasmtimejvm.component.Component;
import io.github.wasmtimejvm.component.ComponentInstance;
import io.github.wasmtimejvm.component.ComponentLinker;
import io.github.wasmtimejvm.component.SameValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Damaged code of components, as {@link CompiledAttack} damages that of modules. What is whole must
 * declare and do what it did.
 */
final class ComponentCompiledAttack implements Attack {
  private static final int DAMAGES = 8;
  private static final StoreLimits LIMITS = new StoreLimits(64 << 20, 10_000, 50, 50, 50);
  private static final byte[] EMPTY = {0, 'a', 's', 'm', 0xd, 0, 1, 0};
  private static final Logger LOG = Logger.getLogger("io.github.wasmtimejvm");

  private final Journal journal;
  private final FuzzEngines engines = new FuzzEngines();
  private final Map<String, byte[]> known = new HashMap<>();
  private final Map<String, String> declared = new HashMap<>();
  private final Path folder;

  ComponentCompiledAttack(Journal journal) {
    this.journal = journal;
    LOG.setLevel(Level.OFF); // a cache reports each file that it replaces
    try {
      this.folder = Files.createTempDirectory("compiled");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void run(long seed, Tally tally) throws IOException {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    Setup setup = FuzzEngines.any(random);
    // Mostly the one that shows whether it does what it did.
    ComponentCorpus guest =
        random.nextInt(4) > 0 ? ComponentCorpus.ECHO : ComponentCorpus.any(random);
    byte[] compiled = compiled(setup, guest, tally);
    if (compiled != null) {
      new Case(seed, random, tally, setup, guest, compiled).run();
    }
  }

  private byte @Nullable [] compiled(Setup setup, ComponentCorpus guest, Tally tally) {
    String key = setup + " " + guest.name();
    byte[] code = known.get(key);
    if (code == null) {
      journal.note("compile " + key);
      try (Component component = Component.fromBytes(engines.engine(setup), guest.binary())) {
        code = component.serialize();
        known.put(key, code);
      } catch (CompileException e) {
        tally.count("not for this engine", setup.name());
      }
    }
    return code;
  }

  /** A component, as it was compiled and as it is found again. */
  private final class Case {
    private final long seed;
    private final Random random;
    private final Tally tally;
    private final Setup setup;
    private final Engine engine;
    private final ComponentCorpus guest;
    private final byte[] compiled;
    private boolean entered;

    Case(
        long seed,
        Random random,
        Tally tally,
        Setup setup,
        ComponentCorpus guest,
        byte[] compiled) {
      this.seed = seed;
      this.random = random;
      this.tally = tally;
      this.setup = setup;
      this.engine = engines.engine(setup);
      this.guest = guest;
      this.compiled = compiled;
    }

    void run() throws IOException {
      journal.note("load " + guest.name() + " on " + setup);
      try (Component component = Component.deserialize(engine, compiled)) {
        same("deserialize", component);
      }
      Path file = Files.write(folder.resolve("component.cwasm"), compiled);
      try (Component component = Component.deserializeFile(engine, file)) {
        same("deserializeFile", component);
      }
      for (int i = 0; i < DAMAGES; i++) {
        Damage damage = Damage.any(random);
        byte[] damaged = damage.of(compiled, this::otherComponent, random);
        if (!Arrays.equals(damaged, compiled)) {
          refused(damage, damaged, file);
        }
      }
      otherKind();
      cached();
      if (entered) {
        tally.count(Tally.ENTERED, AttackKind.COMPONENT_COMPILED.toString());
      }
    }

    // A module, and code of another engine.
    private void otherKind() {
      journal.note("another kind");
      try (io.github.wasmtimejvm.Module _ =
          io.github.wasmtimejvm.Module.deserialize(engine, compiled)) {
        tally.unexpected(seed, "a component was loaded as a module", setup.toString());
      } catch (CompileException e) {
        tally.count(CompiledAttack.REFUSED, "as a module");
      }
      Setup other = FuzzEngines.any(random);
      // Some settings make no difference to compiled code.
      try (Component component = Component.deserialize(engines.engine(other), compiled)) {
        same("another engine", component);
      } catch (CompileException e) {
        tally.count(CompiledAttack.REFUSED, "another engine's");
      }
    }

    private void refused(Damage damage, byte[] damaged, Path file) throws IOException {
      journal.note("damaged: " + damage);
      Files.write(file, damaged);
      for (boolean fromFile : List.of(false, true)) {
        try (Component _ =
            fromFile
                ? Component.deserializeFile(engine, file)
                : Component.deserialize(engine, damaged)) {
          tally.unexpected(seed, "damaged and loaded: " + damage, setup.toString());
        } catch (CompileException e) {
          tally.count(CompiledAttack.REFUSED, damage.toString());
        }
      }
    }

    private void cached() throws IOException {
      Path place = Files.createTempDirectory(folder, "cache");
      ModuleCache cache = ModuleCache.open(place, 1 << 26);
      Component.fromCache(cache, engine, guest.binary()).close();
      Path file = only(place);
      final byte[] right = Files.readAllBytes(file);
      Damage damage = Damage.any(random);
      byte[] damaged = damage.of(right, this::otherComponent, random);
      journal.note("cache: " + damage);
      Files.delete(file); // by a new file: who writes into a mapped file ends the process
      Files.write(file, damaged);
      try (Component component = Component.fromCache(cache, engine, guest.binary())) {
        same("cache", component);
      }
      if (!Arrays.equals(damaged, right) && Arrays.equals(Files.readAllBytes(file), damaged)) {
        tally.unexpected(seed, "the cache kept what was damaged: " + damage, setup.toString());
      }
      tally.count(CompiledAttack.REFUSED, "in a cache: " + damage);
      AttackRun.delete(place);
    }

    private static Path only(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(".cwasm")).findFirst().orElseThrow();
      }
    }

    private void same(String how, Component component) {
      tally.count("whole", how);
      String declared = component.imports() + " " + component.exports();
      String expected = known(guest);
      if (!declared.equals(expected)) {
        tally.unexpected(seed, how + " gave another component", declared + "\n" + expected);
      }
      if (guest.name().equals("echo")) {
        echo(how, component);
      }
    }

    private void echo(String how, Component component) {
      try (Store store = Store.create(component.engine())) {
        store.limit(LIMITS);
        if (setup.fuel()) {
          store.setFuel(10_000_000);
        }
        ComponentLinker linker = ComponentLinker.create(component.engine());
        linker.trapUnknownImports();
        ComponentInstance instance = linker.instantiate(store, component);
        byte[] bytes = {1, 2, (byte) random.nextInt()};
        Object back = instance.func("bytes").call((Object) bytes);
        if (!SameValue.is(bytes, back)) {
          tally.unexpected(seed, how + " does something else", setup.toString());
        }
        entered = true;
      } catch (WasmtimeException | IllegalStateException | UnsupportedOperationException e) {
        tally.count("echo", e.getClass().getSimpleName());
      }
    }

    private byte[] otherComponent() {
      try (Component component = Component.fromBytes(engine, EMPTY)) {
        return component.serialize();
      }
    }
  }

  private String known(ComponentCorpus guest) {
    return declared.computeIfAbsent(
        guest.name(),
        _ -> {
          try (Component component =
              Component.fromBytes(engines.engine(FuzzEngines.first()), guest.binary())) {
            return component.imports() + " " + component.exports();
          }
        });
  }
}
