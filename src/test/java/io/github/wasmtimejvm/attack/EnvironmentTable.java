package io.github.wasmtimejvm.attack;

import java.util.Map;

/** How the cases by the environment ended, by kinds. */
final class EnvironmentTable {
  private EnvironmentTable() {}

  /** Prints it; nothing if there were none. */
  static void print(AttackRun run) {
    Map<String, Long> ended = run.tally().counts(EnvironmentAttack.ENDED);
    if (ended.isEmpty()) {
      return;
    }
    System.out.printf(
        "%n%-16s %7s %8s %9s %7s %9s %8s%n",
        "environment", "cases", "worked", "refused", "JVM", "amiss", "deaths");
    long[] sums = new long[6];
    for (Environment kind : Environment.values()) {
      long[] row = new long[6];
      String[] ends = {
        EnvironmentAttack.WORKED,
        EnvironmentAttack.REFUSED,
        EnvironmentAttack.JVM_ENDED,
        EnvironmentAttack.AMISS,
        EnvironmentAttack.DIED
      };
      for (int i = 0; i < ends.length; i++) {
        row[i + 1] = ended.getOrDefault(kind + "\t" + ends[i], 0L);
        row[0] += row[i + 1];
      }
      for (int i = 0; i < row.length; i++) {
        sums[i] += row[i];
      }
      print(kind.toString(), row);
    }
    print("all", sums);
    System.out.println(
        """
        worked: nothing was refused. refused: something was, as documented, and all worked when
        there was room again. JVM: the JVM ended itself for want of what it needs for its own ends,
        and said so. amiss: an outcome that no document foresees. deaths: all else.\
        """);
  }

  private static void print(String name, long[] row) {
    System.out.printf(
        "%-16s %7d %8d %9d %7d %9d %8d%n", name, row[0], row[1], row[2], row[3], row[4], row[5]);
  }
}
