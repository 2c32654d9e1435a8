package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.attack.FuzzEngines.Setup;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hostile guests: random and changed modules are validated, compiled and run. What one engine makes
 * of a module is compared with what another does.
 */
final class FuzzAttack implements Attack {
  // Why a valid module may not be compiled.
  private static final List<String> DOCUMENTED =
      List.of(
          // What debuggers are told is made from custom sections, which need not be valid.
          "failed to emit DWARF debug information");

  /** A module, and whether its numbers may be NaNs. */
  private record Guest(String origin, byte[] wasm, boolean floats) {}

  private final Journal journal;
  private final FuzzEngines engines = new FuzzEngines();
  private final List<String> texts = new ArrayList<>();
  private final List<byte[]> binaries = new ArrayList<>();

  FuzzAttack(Journal journal) {
    this.journal = journal;
    Path folder = Guests.file(Corpus.class, "numbers.wat").getParent().getParent();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".wat")).sorted().toList()) {
        texts.add(Files.readString(file));
        binaries.add(Module.wat2wasm(texts.getLast()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void run(long seed, Tally tally) {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    Guest guest = guest(random, tally);
    if (guest != null) {
      new Case(seed, guest, random, tally).run();
    }
  }

  private @Nullable Guest guest(Random random, Tally tally) {
    int kind = random.nextInt(20);
    if (kind < 14) {
      ModuleGenerator.Options options = ModuleGenerator.Options.random(random);
      return new Guest(
          "generated",
          ModuleGenerator.generate(random, options),
          options.floats() || options.vectors());
    }
    Mutator mutator = new Mutator(random);
    if (kind < 18) {
      return new Guest("changed", mutator.mutate(base(random), base(random)), true);
    }
    String text = mutator.mutate(texts.get(random.nextInt(texts.size())));
    try {
      return new Guest("changed text", Module.wat2wasm(text), true);
    } catch (CompileException e) {
      tally.count("module", "changed text", "no text format");
      return null;
    }
  }

  private byte[] base(Random random) {
    return random.nextInt(3) > 0
        ? ModuleGenerator.generate(random, ModuleGenerator.Options.random(random))
        : binaries.get(random.nextInt(binaries.size()));
  }

  /** A module on one engine or two. */
  private final class Case {
    private final long seed;
    private final Guest guest;
    private final Random random;
    private final Tally tally;
    private boolean entered;

    Case(long seed, Guest guest, Random random, Tally tally) {
      this.seed = seed;
      this.guest = guest;
      this.random = random;
      this.tally = tally;
    }

    void run() {
      if (random.nextInt(8) == 0) {
        throughText();
      }
      Setup setup = FuzzEngines.any(random);
      Setup other =
          setup == FuzzEngines.first() ? FuzzEngines.anyCanonical(random) : FuzzEngines.first();
      long choices = random.nextLong();
      FuzzRun.Trace one = run(setup, choices);
      if (one == null || random.nextInt(3) > 0) {
        FuzzRun.Trace two = run(other, choices);
        if (one != null && two != null && (setup.canonical() || !guest.floats())) {
          compare(setup + " and " + other, one, two);
        }
      }
      if (entered) {
        tally.count(Tally.ENTERED, AttackKind.FUZZ.toString());
      }
    }

    // The text format has a form that quotes the binary one.
    private void throughText() {
      StringBuilder text = new StringBuilder("(module binary \"");
      for (byte b : guest.wasm()) {
        text.append("\\%02x".formatted(b));
      }
      byte[] again = Module.wat2wasm(text.append("\")").toString());
      if (!Arrays.equals(again, guest.wasm())) {
        tally.unexpected(seed, "the text format changed a module", guest.origin());
      }
    }

    private FuzzRun.@Nullable Trace run(Setup setup, long choices) {
      journal.note(guest.origin() + ", " + guest.wasm().length + " bytes, on " + setup);
      Engine engine = engines.engine(setup);
      Module module = compile(engine, setup);
      if (module == null) {
        return null;
      }
      try (Module compiled = random.nextInt(4) == 0 ? again(engine, module) : module;
          Store store = engines.store(setup)) {
        FuzzRun.describe(compiled);
        FuzzRun.Trace trace = FuzzRun.run(compiled, store, choices, journal);
        entered |= trace.entered();
        tally.count(
            "run",
            trace.lines().isEmpty()
                ? "nothing seen"
                : trace.whole() ? "whole" : "out of resources");
        for (String line : trace.lines()) {
          String[] words = line.split(" ");
          if (!words[0].equals("host")) {
            tally.count("calls", words.length > 1 ? words[1] : line);
          }
        }
        return trace;
      }
    }

    private static Module again(Engine engine, Module module) {
      try (module) {
        return Module.deserialize(engine, module.serialize());
      }
    }

    private @Nullable Module compile(Engine engine, Setup setup) {
      CompileException invalid = null;
      try {
        Module.validate(engine, guest.wasm());
      } catch (CompileException e) {
        invalid = e;
      }
      String valid = invalid == null ? "valid" : "invalid";
      if (setup == FuzzEngines.first()) {
        tally.count("module", guest.origin(), valid);
        if (invalid != null && guest.origin().equals("generated")) {
          tally.count("invalid", String.valueOf(invalid.getMessage()).replaceAll("[\\d\\s]+", " "));
        }
      }
      journal.note("compile, " + valid);
      try {
        Module module = Module.fromBytes(engine, guest.wasm());
        if (invalid != null) {
          tally.unexpected(seed, "compiled and invalid", invalid);
        }
        return module;
      } catch (CompileException e) {
        String message = String.valueOf(e.getMessage());
        if (invalid == null && DOCUMENTED.stream().noneMatch(message::contains)) {
          tally.unexpected(seed, "valid and not compiled, " + setup.name(), e);
        }
        return null;
      }
    }

    private void compare(String setups, FuzzRun.Trace one, FuzzRun.Trace two) {
      String difference = one.difference(two);
      tally.count("compared", difference == null ? "the same" : "different");
      if (difference != null) {
        tally.unexpected(
            seed, "different results", guest.origin() + " on " + setups + "\n" + difference);
      }
    }
  }

  /** Writes the module of a case to a file, for a look at it. Arguments: seed, file. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    Journal journal = Journal.open(Files.createTempFile("journal", null));
    Random random = new Random(Long.parseLong(args[0]) * 0x9e3779b97f4a7c15L);
    Guest guest = new FuzzAttack(journal).guest(random, new Tally());
    Files.write(file, guest == null ? new byte[0] : guest.wasm());
  }
}
