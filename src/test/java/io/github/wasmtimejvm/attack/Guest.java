package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A hostile guest: its module, what is called in it, and how that may end, in the words of {@link
 * Ending}. Two words more stand for what never ends by itself: {@code endless} for a guest that any
 * bound ends, {@code stopped} for one that only a timeout or an interrupt ends.
 *
 * @param export what is called; nothing, if there is only a start function
 * @param calls how often
 * @param arguments for each call, or random ones
 */
record Guest(
    String name,
    Source source,
    @Nullable String export,
    int calls,
    @Nullable List<Object> arguments,
    Set<String> foreseen) {
  static final String ENDLESS = "endless";

  /** That it needs its memory to grow. */
  static final String GROWS = "grows";

  /** Stands for any function that the module exports. */
  static final String ANY = "*";

  /** Makes a module. */
  interface Source {
    Module compile(Engine engine);
  }

  /** Guests of one family, of which each case takes one. */
  record Family(String name, Choice choice) {
    /** Makes a guest. */
    interface Choice {
      Guest guest(String name, Random random);
    }

    Guest guest(Random random) {
      return choice.guest(name, random);
    }
  }

  static Guest of(String name, byte[] wasm, @Nullable String export, String foreseen) {
    return new Guest(
        name, engine -> Module.fromBytes(engine, wasm), export, 1, null, words(foreseen));
  }

  static Guest ofText(String name, String text, @Nullable String export, String foreseen) {
    return new Guest(
        name, engine -> Module.fromWat(engine, text), export, 1, null, words(foreseen));
  }

  Guest called(int times) {
    return new Guest(name, source, export, times, arguments, foreseen);
  }

  Guest with(Object... values) {
    return new Guest(name, source, export, calls, List.of(values), foreseen);
  }

  private static Set<String> words(String foreseen) {
    return new TreeSet<>(Arrays.asList(foreseen.strip().split(" ")));
  }

  /** Whether something must end it. */
  boolean mayBeEndless() {
    return foreseen.contains(ENDLESS) || foreseen.contains(Ending.STOPPED);
  }

  /** Whether it needs an engine with shared memories: its name says so. */
  boolean usesSharedMemory() {
    return name.contains("shared");
  }

  /** Whether fuel ends it. */
  boolean endsWithFuel() {
    return !foreseen.contains(Ending.STOPPED);
  }

  @Override
  public String toString() {
    return name + (export == null ? "" : ", " + export);
  }
}
