package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.ModuleCache;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.attack.FuzzEngines.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Damaged code: what was compiled is cut off, changed, extended and exchanged before it is loaded.
 * It must be refused, or compiled anew by a cache; what is whole must do what it did.
 */
final class CompiledAttack implements Attack {
  /** First part of a name: what was done to compiled code that was then refused. */
  static final String REFUSED = "refused";

  private static final int DAMAGES = 8;
  private static final Logger LOG = Logger.getLogger("io.github.wasmtimejvm");

  private final Journal journal;
  private final FuzzEngines engines = new FuzzEngines();
  private final Path folder;

  CompiledAttack(Journal journal) {
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
    new Case(seed, random, tally).run();
  }

  /** A module, as it was compiled and as it is found again. */
  private final class Case {
    private final long seed;
    private final Random random;
    private final Tally tally;
    private final Setup setup;
    private final Engine engine;
    private final byte[] wasm;
    private final long choices;

    Case(long seed, Random random, Tally tally) {
      this.seed = seed;
      this.random = random;
      this.tally = tally;
      this.setup = FuzzEngines.any(random);
      this.engine = engines.engine(setup);
      this.wasm =
          ModuleGenerator.generate(
              random, new ModuleGenerator.Options(false, false, false, false, true));
      this.choices = random.nextLong();
    }

    void run() throws IOException {
      byte[] compiled;
      FuzzRun.Trace expected;
      journal.note("compile " + wasm.length + " bytes on " + setup);
      try (Module module = Module.fromBytes(engine, wasm)) {
        compiled = module.serialize();
        expected = trace(setup, module);
      } catch (CompileException e) {
        tally.count("not for this engine", setup.name());
        return;
      }
      if (expected.entered()) {
        tally.count(Tally.ENTERED, AttackKind.COMPILED.toString());
      }
      journal.note("load");
      try (Module module = Module.deserialize(engine, compiled)) {
        same("deserialize", expected, module);
      }
      Path file = Files.write(folder.resolve("module.cwasm"), compiled);
      try (Module module = Module.deserializeFile(engine, file)) {
        same("deserializeFile", expected, module);
      }
      for (int i = 0; i < DAMAGES; i++) {
        Damage damage = Damage.any(random);
        byte[] damaged = damage.of(compiled, this::otherModule, random);
        if (!Arrays.equals(damaged, compiled)) {
          refused(damage, damaged, file);
        }
      }
      otherEngine(compiled, expected);
      cached(expected);
    }

    private FuzzRun.Trace trace(Setup setup, Module module) {
      try (Store store = engines.store(setup)) {
        return FuzzRun.run(module, store, choices, journal);
      }
    }

    private void same(String how, FuzzRun.Trace expected, Module module) {
      same(how, expected, setup, module);
    }

    private void same(String how, FuzzRun.Trace expected, Setup setup, Module module) {
      FuzzRun.describe(module);
      String difference = expected.difference(trace(setup, module));
      tally.count("whole", how);
      if (difference != null) {
        tally.unexpected(seed, how + " gave another module", difference);
      }
    }

    private void refused(Damage damage, byte[] damaged, Path file) throws IOException {
      journal.note("damaged: " + damage);
      Files.write(file, damaged);
      for (boolean fromFile : List.of(false, true)) {
        try (Module _ =
            fromFile ? Module.deserializeFile(engine, file) : Module.deserialize(engine, damaged)) {
          tally.unexpected(seed, "damaged and loaded: " + damage, setup.toString());
        } catch (CompileException e) {
          tally.count(REFUSED, damage.toString());
        }
      }
    }

    private void otherEngine(byte[] compiled, FuzzRun.Trace expected) {
      Setup other = FuzzEngines.any(random);
      if (other == setup) {
        return;
      }
      journal.note("on " + other);
      // Some settings make no difference to compiled code.
      try (Module module = Module.deserialize(engines.engine(other), compiled)) {
        same("another engine", expected, other, module);
      } catch (CompileException e) {
        tally.count(REFUSED, "another engine's");
      }
    }

    private void cached(FuzzRun.Trace expected) throws IOException {
      Path place = Files.createTempDirectory(folder, "cache");
      ModuleCache cache = ModuleCache.open(place, 1 << 26);
      cache.module(engine, wasm).close();
      Path file = onlyModule(place);
      final byte[] right = Files.readAllBytes(file);
      for (int i = 0; i < 2; i++) {
        Damage damage = Damage.any(random);
        byte[] damaged = damage.of(right, this::otherModule, random);
        journal.note("cache: " + damage);
        try (Module running = cache.module(engine, wasm)) {
          replace(file, damaged);
          same("a mapped file that was replaced", expected, running);
        }
        try (Module module = cache.module(engine, wasm)) {
          same("cache", expected, module);
        }
        if (!Arrays.equals(damaged, right) && Arrays.equals(Files.readAllBytes(file), damaged)) {
          tally.unexpected(seed, "the cache kept what was damaged: " + damage, setup.toString());
        }
        tally.count(REFUSED, "in a cache: " + damage);
      }
      AttackRun.delete(place);
    }

    // By a new file or by none, never in place: who writes into a mapped file ends the process.
    private void replace(Path file, byte[] content) throws IOException {
      if (random.nextBoolean()) {
        Files.delete(file);
        Files.write(file, content);
      } else {
        Path other = Files.write(file.resolveSibling("other"), content);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }

    private static Path onlyModule(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(".cwasm")).findFirst().orElseThrow();
      }
    }

    private byte[] otherModule() {
      byte[] other = {0, 'a', 's', 'm', 1, 0, 0, 0};
      try (Module module = Module.fromBytes(engine, other)) {
        return module.serialize();
      }
    }
  }
}
