package io.github.wasmtimejvm.attack;

import java.util.List;
import java.util.Random;

/** A module of the API attack's corpus with some bytes changed: mostly invalid, else anything. */
final class ChangedBytes {
  private static final List<Corpus> ORIGINALS =
      Corpus.ALL.stream()
          // A wait that nobody ends may last for ever, and a poll that the engine answers.
          .filter(guest -> !guest.name().equals("shared") && !guest.name().equals("command"))
          .toList();

  private static final String ANYTHING =
      "returns invalid lacks endless errors raises overflows STACK_OVERFLOW MEMORY_OUT_OF_BOUNDS"
          + " HEAP_MISALIGNED TABLE_OUT_OF_BOUNDS INDIRECT_CALL_TO_NULL BAD_SIGNATURE"
          + " INTEGER_OVERFLOW INTEGER_DIVISION_BY_ZERO BAD_CONVERSION_TO_INTEGER"
          + " UNREACHABLE_CODE_REACHED ATOMIC_WAIT_NON_SHARED_MEMORY NULL_REFERENCE"
          + " java.lang.IllegalArgumentException" // no value for a reference that is never null
          + " ARRAY_OUT_OF_BOUNDS ALLOCATION_TOO_LARGE CAST_FAILURE";

  private ChangedBytes() {}

  static Guest guest(String name, Random random) {
    Corpus original = ORIGINALS.get(random.nextInt(ORIGINALS.size()));
    byte[] wasm = original.binary().clone();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      int at = 8 + random.nextInt(wasm.length - 8);
      wasm[at] =
          (byte) (random.nextBoolean() ? wasm[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    return Guest.of(name + " of " + original.name(), wasm, Guest.ANY, ANYTHING);
  }
}
