package io.github.wasmtimejvm.attack;

/** A way of attacking. Its cases stand alone: each is determined by its seed. */
interface Attack {
  /**
   * Runs one case, and returns when all that it started has ended. It counts what it did, and what
   * the documentation does not foresee goes to {@link Tally#unexpected}; what it throws does too.
   */
  void run(long seed, Tally tally) throws Throwable;
}
