package io.github.wasmtimejvm.attack;

import java.nio.file.Path;

/** The process that is attacked: runs cases until one of them ends it, or all are done. */
final class AttackChild {
  /**
   * Exit code of a process that has come to the end of its cases: one that nothing else in the
   * process ends with, be it the guest's doing.
   */
  static final int DONE = 42;

  /** Exit code of a process that has attacked nothing. */
  static final int CANNOT_BEGIN = 3;

  private static final long SAVE_EVERY = 1_000_000_000L;

  private AttackChild() {}

  /** Arguments: class of attacks, first seed, cases, milliseconds, journal, tally. */
  public static void main(String[] args) throws Exception {
    AttackKind kind = AttackKind.of(args[0]);
    long first = Long.parseLong(args[1]);
    long cases = Long.parseLong(args[2]);
    long end = System.nanoTime() + Long.parseLong(args[3]) * 1_000_000;
    Journal journal = Journal.open(Path.of(args[4]));
    Path file = Path.of(args[5]);
    Tally tally = new Tally();
    Attack attack;
    try {
      attack = kind.attack(journal);
    } catch (Throwable t) {
      t.printStackTrace();
      System.exit(CANNOT_BEGIN);
      return;
    }
    long saved = System.nanoTime();
    for (long seed = first; seed < first + cases && System.nanoTime() < end; seed++) {
      journal.begin(seed);
      tally.count(Tally.CASE, kind.toString());
      try {
        attack.run(seed, tally);
      } catch (OutOfMemoryError full) { // of the attack's own making
        tally.count("driver", "OutOfMemoryError");
      } catch (Throwable t) {
        tally.unexpected(seed, kind.toString(), t);
      }
      if (System.nanoTime() - saved > SAVE_EVERY) {
        tally.save(file);
        saved = System.nanoTime();
      }
    }
    tally.save(file);
    // Threads that user code has left are no reason to stay.
    System.exit(DONE);
  }
}
